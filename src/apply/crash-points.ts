/**
 * For the tests that prove resumption: QUORATE_CRASH_AT=n kills this process, without any farewell, at the n-th step
 * boundary of a run. Counting starts at 1; there is one boundary before and one after each step's action.
 */
export type Boundary = () => void;

let passed = 0;

export const boundary: Boundary = () => {
  passed += 1;
  const at = process.env["QUORATE_CRASH_AT"];
  if (at !== undefined && Number(at) === passed) process.kill(process.pid, "SIGKILL");
};
