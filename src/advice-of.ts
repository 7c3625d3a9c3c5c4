/** Look at a cluster and say what is wrong or risky with it. Never changes anything. */
import { configurationFileOf, type Flags } from "./adopt/flags.js";
import { advise, type Advice } from "./advise/advise.js";
import { advisedCluster } from "./advise/of-observation.js";
import type { HostObservation } from "./host/host.js";
import { judgeAll, observeEndpoints } from "./observe/observe.js";
import { questionFor } from "./observe/question.js";
import type { Spec } from "./spec/spec.js";
import type { World } from "./world.js";

/** @returns the gravest first; hosts and members that do not answer are part of it */
export async function adviceOf(spec: Spec, world: World): Promise<Advice[]> {
  const at = world.clock.now();
  const [hosts, etcd] = await Promise.all([lookAtHosts(spec, world, []), observeEndpoints(spec, world)]);
  const configurations = await readConfigurations(spec, world, hosts);
  const seen = { at, hosts, etcd, trust: judgeAll(spec, world, hosts, at) };
  return advise(advisedCluster(spec, seen, (member, path) => configurations[`${member}:${path}`]));
}

/** One round trip per host. @param texts further files whose content is wanted, by member */
async function lookAtHosts(
  spec: Spec,
  world: World,
  texts: readonly { readonly member: string; readonly path: string }[],
): Promise<Record<string, HostObservation>> {
  const looks = spec.members.map(async (member) => {
    const question = questionFor(spec, member, []);
    const more = texts.filter((one) => one.member === member.name).map(({ path }) => path);
    const seen = await world
      .host(member.name)
      .observe({ ...question, program: "etcd", texts: [...question.texts, ...more] });
    return [member.name, seen] as const;
  });
  return Object.fromEntries(await Promise.all(looks));
}

/** Members of adopted clusters may run with a configuration file of etcd's own; others cost nothing here. */
async function readConfigurations(
  spec: Spec,
  world: World,
  hosts: Readonly<Record<string, HostObservation>>,
): Promise<Record<string, Flags>> {
  const wanted = spec.members.flatMap(({ name: member }) => {
    const host = hosts[member];
    const process =
      host?.reach === "reachable" ? host.processes?.find(({ pid }) => pid === host.service.pid) : undefined;
    const path = process && configurationFileOf(process.arguments, process.environment);
    return path === undefined || !path.startsWith("/") ? [] : [{ member, path }];
  });
  if (wanted.length === 0) return {};
  const [{ configurationFlags }, again] = await Promise.all([
    import("./adopt/configuration-file.js"),
    lookAtHosts(spec, world, wanted),
  ]);
  return Object.fromEntries(
    wanted.flatMap(({ member, path }) => {
      const host = again[member];
      const text = host?.reach === "reachable" ? host.texts[path] : undefined;
      const flags = text === undefined ? undefined : configurationFlags(text);
      return flags === undefined ? [] : [[`${member}:${path}`, flags]];
    }),
  );
}
