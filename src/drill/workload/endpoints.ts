/**
 * The endpoints of an ordinary client: one connection to each, shared by all requests, taken in turn. One that does not
 * answer is left out until it answers again, which is tried in the background. The list is the members' own, refreshed
 * as they come and go.
 */
import type { EtcdClient } from "../../etcd/client.js";
import { EtcdError } from "../../etcd/cluster.js";

export interface EndpointsOptions {
  /** URLs to begin with, and to fall back on. */
  readonly given: () => readonly string[];
  readonly open: (url: string) => EtcdClient;
  /** Milliseconds between refreshes from the member list; undefined: the given ones are all there are. */
  readonly sync: number | undefined;
}

export interface Endpoint {
  readonly url: string;
  readonly client: EtcdClient;
}

interface Known extends Endpoint {
  up: boolean;
  closed: boolean;
}

/** gRPC's PERMISSION_DENIED: whoever says so serves, and an ordinary user may not ask how it is. */
const denied = 7;

/** Milliseconds: of a background attempt, and between two, doubling from the first to the last. */
const checkDeadline = 500;
const [firstPause, longestPause] = [50, 1000];

export class Endpoints {
  readonly #options: EndpointsOptions;
  readonly #known = new Map<string, Known>();
  #listed: readonly string[] | undefined;
  #turn = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EndpointsOptions) {
    this.#options = options;
    if (options.sync !== undefined) this.#schedule(options.sync);
  }

  /**
   * The next in turn that is believed to answer, another than `but` if there is one. When none is, all take turns.
   * @param home number of the endpoint that this client always takes while it answers
   * @throws Error when there is no endpoint at all.
   */
  next(but?: Endpoint, home?: number): Endpoint {
    const all = this.#current();
    const own = home === undefined ? undefined : all[home % all.length];
    if (own?.up === true && own.url !== but?.url) return own;
    const up = all.filter((endpoint) => endpoint.up);
    const usable = up.length > 0 ? up : all;
    const others = usable.filter(({ url }) => url !== but?.url);
    const choice = others.length > 0 ? others : usable;
    this.#turn += 1;
    const chosen = choice[this.#turn % choice.length];
    if (chosen === undefined) throw new Error("a client needs at least one endpoint");
    return chosen;
  }

  /** What went wrong at an endpoint; when it did not answer at all, it is left out for now. */
  blame(endpoint: Endpoint, error: EtcdError): void {
    const known = this.#known.get(endpoint.url);
    if (known === undefined || !known.up || error.kind === "status") return;
    known.up = false;
    void this.#awaitReturn(known);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all([...this.#known.values()].map((known) => this.#drop(known)));
  }

  #current(): Known[] {
    const urls = this.#urls();
    for (const known of this.#known.values()) if (!urls.includes(known.url)) void this.#drop(known);
    return urls.map((url) => {
      const known = this.#known.get(url) ?? { url, client: this.#options.open(url), up: true, closed: false };
      this.#known.set(url, known);
      return known;
    });
  }

  /** The members' own list as long as one of it may answer, else the given ones too. */
  #urls(): readonly string[] {
    const listed = this.#listed ?? [];
    if (listed.some((url) => this.#known.get(url)?.up !== false)) return listed;
    return [...new Set([...listed, ...this.#options.given()])];
  }

  async #drop(known: Known): Promise<void> {
    known.closed = true;
    this.#known.delete(known.url);
    await known.client.close();
  }

  async #awaitReturn(known: Known): Promise<void> {
    for (let pause = firstPause; !known.closed && !this.#closed; pause = Math.min(2 * pause, longestPause)) {
      try {
        await known.client.maintenance.status({ deadline: checkDeadline });
        known.up = true;
        return;
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        if (error.status === denied) {
          known.up = true;
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, pause).unref());
    }
  }

  #schedule(sync: number): void {
    this.#timer = setTimeout(() => {
      void this.#refresh().finally(() => {
        if (!this.#closed) this.#schedule(sync);
      });
    }, sync);
    this.#timer.unref();
  }

  /** Learners serve no clients; a member without a name was never started. */
  async #refresh(): Promise<void> {
    const endpoint = this.next();
    try {
      const { members } = await endpoint.client.cluster.list({ linearizable: true }, { deadline: checkDeadline });
      const urls = members.filter(({ name, isLearner }) => name !== "" && !isLearner).flatMap((one) => one.clientURLs);
      if (urls.length > 0) this.#listed = [...new Set(urls)];
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      this.blame(endpoint, error);
    }
  }
}
