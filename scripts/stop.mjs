/** `npm stop`: take the cluster of `npm start` down. Its data stays. */
import { quorate, ready } from "./ready.mjs";

ready();
process.exitCode = quorate(["stop", "--yes"]);
