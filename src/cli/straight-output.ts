/** Standard output without node's stream for it, which takes longer to make than a few lines take to write. */
import { writeSync } from "node:fs";
import type { Output } from "./terminal.js";

export const straightOutput: Output = {
  write(text) {
    let rest = Buffer.from(text);
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe that takes no more just now; node's stream knows how to wait.
      if (code === "EAGAIN") process.stdout.write(rest);
      // Its reader went before we were done, as `head` does; that is its good right.
      else process.exit(code === "EPIPE" ? 0 : 1);
    }
  },
};
