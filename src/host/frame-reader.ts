/** Reads what the shell loop writes: the announcement, then one answer per frame. Bounded; knows nothing of processes. */

export interface RawAnswer {
  readonly id: number;
  /** Exit status of the script; "skip" when an earlier frame of its chain failed. */
  readonly status: number | "skip";
  readonly stdout: Buffer;
}

export type OutputEvent = { readonly ready: true; readonly pid: number } | RawAnswer;

/** Standard output. Text before the announcement is the login shell's own and is kept for error messages. */
export class OutputReader {
  chatter = "";
  private buffer: Buffer = Buffer.alloc(0);
  private scanned = 0;
  private ready = false;

  /** @param limit most bytes that may wait for the end of an answer */
  constructor(
    private readonly nonce: string,
    private readonly limit: number,
  ) {}

  /** Events that this chunk completes. @throws RangeError when an answer is longer than the limit or makes no sense */
  push(chunk: Uint8Array): OutputEvent[] {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    const events: OutputEvent[] = [];
    for (;;) {
      const event = this.ready ? this.answer() : this.announcement();
      if (event === undefined) break;
      events.push(event);
    }
    if (this.buffer.length > (this.ready ? this.limit : 65_536)) throw new RangeError("too much output");
    return events;
  }

  private announcement(): OutputEvent | undefined {
    const mark = `${this.nonce} ready `;
    const start = this.buffer.indexOf(mark);
    const end = start < 0 ? -1 : this.buffer.indexOf("\n", start);
    this.chatter = this.buffer
      .subarray(0, start < 0 ? undefined : start)
      .toString("utf8")
      .trim();
    if (end < 0) return undefined;
    const pid = Number(this.buffer.subarray(start + mark.length, end).toString("latin1"));
    this.cut(end + 1);
    this.ready = true;
    return { ready: true, pid };
  }

  private answer(): RawAnswer | undefined {
    const mark = `\n${this.nonce} `;
    const start = this.buffer.indexOf(mark, Math.max(0, this.scanned - mark.length));
    const end = start < 0 ? -1 : this.buffer.indexOf("\n", start + mark.length);
    this.scanned = start < 0 ? this.buffer.length : start;
    if (end < 0) return undefined;
    const trailer = this.buffer.subarray(start + mark.length, end).toString("latin1");
    const parts = /^(\d{1,9}) (\d{1,3}|skip)$/.exec(trailer);
    if (parts === null) throw new RangeError("an answer ends with an unknown trailer");
    const answer = {
      id: Number(parts[1]),
      status: parts[2] === "skip" ? ("skip" as const) : Number(parts[2]),
      stdout: this.buffer.subarray(0, start),
    };
    this.cut(end + 1);
    return answer;
  }

  private cut(at: number): void {
    this.buffer = this.buffer.subarray(at);
    this.scanned = 0;
  }
}

/** Standard error: the last part of each frame's, up to its marker. */
export class ErrorReader {
  /** What came since the last marker; before the first frame, everything that ssh, sudo and the login shell said. */
  pending = "";
  private static readonly keep = 65_536;

  constructor(private readonly nonce: string) {}

  push(chunk: Uint8Array): { readonly id: number; readonly stderr: string }[] {
    this.pending += Buffer.from(chunk).toString("utf8");
    const found: { id: number; stderr: string }[] = [];
    const marker = new RegExp(`${this.nonce} (\\d{1,9})\\n`);
    for (let match = marker.exec(this.pending); match !== null; match = marker.exec(this.pending)) {
      found.push({ id: Number(match[1]), stderr: this.pending.slice(0, match.index) });
      this.pending = this.pending.slice(match.index + match[0].length);
    }
    this.pending = this.pending.slice(-ErrorReader.keep);
    return found;
  }
}
