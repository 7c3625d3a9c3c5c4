/** `npm run test:lab`: the product on real hosts with systemd and sshd, as many as it takes, on this one machine. */
import { labLacks } from "./lab-needs.mjs";
import { ready } from "./ready.mjs";
import { testEtcdLacks } from "./test-etcd.mjs";
import { limits, notRun, runVitest, summarize } from "./tiers.mjs";

ready();
const lacks = (await testEtcdLacks()) ?? labLacks();
const outcome = lacks === undefined ? await runVitest("lab", { limit: limits.lab }) : notRun("lab", "lacking", lacks);
const code = summarize([outcome]);
/** 3: this machine cannot run it, which is another thing than a lab that failed. */
process.exitCode = outcome.state === "lacking" ? 3 : code;
