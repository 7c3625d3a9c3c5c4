/** One line per error code: its title and what to do next when the failure itself knows nothing better. */
interface Entry {
  title: string;
  next: string;
}

const define = <T extends Record<string, Entry>>(entries: T): T => entries;

export const catalogue = define({
  // the spec: cluster.yaml, flags, environment
  E_NO_FILE: { title: "the cluster file does not exist", next: "write one with `quorate init`, or name it with --file" },
  E_YAML: { title: "the cluster file is not valid YAML", next: "correct the named line" },
  E_SPEC: { title: "the cluster file says something that quorate cannot use", next: "correct the named line; docs/reference/cluster-file.md lists every field" },
  E_USAGE: { title: "the command line is wrong", next: "see `quorate help`" },

  // hosts
  E_HOST_UNREACHABLE: { title: "a host cannot be reached", next: "check that `ssh HOST true` works from this machine, then run the same command again" },
  E_HOST_COMMAND: { title: "a command failed on a host", next: "read the host's own message, correct the cause and run the same command again" },

  // applying
  E_LOCKED: { title: "another quorate is at work on this cluster", next: "wait for it to end, or see `quorate unlock --help`" },
  E_NO_EFFECT: { title: "a step was carried out but its effect was not seen", next: "correct the cause and run `quorate plan`" },
  E_REFUSED: { title: "a step would be unsafe now", next: "correct the cause and run `quorate plan`" },
});
