/** Whether a site answers at all, found out quickly: a closed network must not hold up the sources that come after. */
import { connect } from "node:net";
import { QuorateError } from "../errors.js";

/** Milliseconds that name resolution and the TCP connection may take together. */
export const reachPatience = 3_000;

/** @throws QuorateError E_RELEASE_UNREACHABLE */
export function reach(base: string, patience = reachPatience): Promise<void> {
  const { hostname, port, protocol, host } = new URL(base);
  const number = port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: number });
    const end = (why: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      if (why === undefined) resolve();
      else
        reject(
          new QuorateError("E_RELEASE_UNREACHABLE", `${host} cannot be reached: ${why}`, { where: base, found: why }),
        );
    };
    const timer = setTimeout(() => end(`no answer within ${patience / 1000} s`), patience);
    socket.once("connect", () => end(undefined));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      end(
        error.code === "ENOTFOUND" || error.code === "EAI_AGAIN"
          ? "its name cannot be resolved"
          : (error.code ?? error.message),
      ),
    );
  });
}
