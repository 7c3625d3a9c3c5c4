/** How many members there are, and that no two are one. */
import type { Problem } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";
import { twins } from "./twins.js";

export function memberCount({ spec, file, partial }: Candidate): Problem[] {
  const count = spec.members.length;
  const base = {
    code: "E_SPEC_MEMBERS",
    path: ["members"],
    atKey: true,
    found: `${count} members`,
    expected: "3 or 5 members",
  } as const;
  if (count === 0 && !partial) return [{ ...base, code: "E_SPEC_EMPTY", message: "the file names no members" }];
  if (count > 7)
    return [
      {
        ...base,
        message: `${count} members: every write waits for ${Math.floor(count / 2) + 1} of them`,
        expected: "at most 7 members",
        next: "use 5: two may fail",
      },
    ];
  if (partial || count === 0) return [];
  if (count === 1 && file["allow-single"] !== "true") {
    return [
      {
        ...base,
        message: "one member is not highly available: when it fails, all fails",
        next: "add two members, or write `allow-single: true`",
      },
    ];
  }
  if (count % 2 === 0 && file["allow-even"] !== "true") {
    const tolerated = count === 2 ? "no failure" : count === 4 ? "one failure" : "two failures";
    const message = `${count} members tolerate ${tolerated}, no more than ${count - 1} would`;
    return [
      {
        ...base,
        message,
        next: `use ${count === 2 ? 3 : `${count - 1} or ${count + 1}`} members, or write \`allow-even: true\``,
      },
    ];
  }
  return [];
}

export function distinctMembers({ spec, entries }: Candidate): Problem[] {
  const at = (index: number, ...rest: string[]): Problem["path"] => [...(entries[index]?.at ?? []), ...rest];
  const remote = spec.members.map((member) => member.host.kind === "ssh");
  const problems: Problem[] = [];
  for (const [first, second, name] of twins(spec.members.map((member) => member.name))) {
    const where = entries[second]?.nameAt ?? { path: at(second), atKey: false };
    problems.push({
      ...twice(`members ${first + 1} and ${second + 1} are both called ${name}`, name),
      ...where,
      next: "give each its own name",
    });
  }
  for (const [first, second, address] of twins(
    spec.members.map((member, index) => (remote[index] && member.address !== "" ? member.address : undefined)),
  )) {
    const message = `${label(spec, first)} and ${label(spec, second)} have the same address ${address}`;
    problems.push({
      ...twice(message, address),
      path: at(second, "address"),
      next: "give every member a machine of its own",
    });
  }
  for (const kind of ["client", "peer"] as const) {
    for (const [first, second, url] of twins(spec.members.map((member) => member[kind].url))) {
      if (remote[first] && spec.members[first]?.address === spec.members[second]?.address) continue;
      const message = `${label(spec, first)} and ${label(spec, second)} have the same ${kind} URL ${url}`;
      problems.push({
        ...twice(message, url),
        path: at(second, kind, "port"),
        next: "give each its own address or port",
      });
    }
  }
  const hosts = spec.members.map(({ host, address }) =>
    host.kind === "ssh" && host.host !== address ? `${host.host} ${host.port ?? ""} ${host.jump ?? ""}` : undefined,
  );
  for (const [first, second] of twins(hosts)) {
    const host = spec.members[second]?.host;
    const name = host?.kind === "ssh" ? host.host : "";
    const message = `${label(spec, first)} and ${label(spec, second)} are reached as the same host: ssh ${name}`;
    problems.push({
      ...twice(message, name),
      path: at(second, "ssh", "host"),
      next: "give every member a machine of its own",
    });
  }
  return problems;
}

const label = (spec: Candidate["spec"], index: number): string => spec.members[index]?.name ?? `member ${index + 1}`;

const twice = (message: string, found: string): Pick<Problem, "code" | "message" | "found" | "expected"> => ({
  code: "E_SPEC_DUPLICATE",
  message,
  found,
  expected: "no two alike",
});
