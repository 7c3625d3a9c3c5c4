/** Who may import whom. ARCHITECTURE.md prints the same table. */
const between = (name, comment, from, to, except = []) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, ...(except.from && { pathNot: except.from }) },
  to: { path: to, ...(except.to && { pathNot: except.to }) },
});

/** Types and pure modules that rooms may share with each other. */
const contracts = "^src/(host/host|etcd/cluster|pki/authority|release/release)\\.ts$";
const pure = "^src/(host/(unit|run-script|manifest)|etcd/identity|pki/names|release/(policy|versions|known-versions|hazards|hazards/[a-z-]+|hops|roll-back-window|accept))\\.ts$";
const shared = `${contracts}|${pure}`;

module.exports = {
  forbidden: [
    between("no-cycles-across-rooms", "rooms are layers", "^src/(spec|observe|plan|steps)/", "^src/(apply|cli|render|open|survey|apply-plan)", {
      to: "^src/apply/ledger\\.ts$",
    }),
    {
      name: "planning-is-pure",
      comment: "planning is simulation: it reaches no disk, network or process, not even through others",
      severity: "error",
      from: { path: "^src/(plan|observe|steps|advise)/" },
      to: { path: "^(node:)?(fs|fs/promises|child_process|dns|net|http|https|http2|tls|dgram|worker_threads)$", reachable: true },
    },
    between("adapters-in-one-place", "real hosts, clusters, authorities and releases are named in the composition roots alone", "^src/(spec|observe|plan|steps|apply|render|exports|survey|apply-plan)", "^src/(host|etcd|pki|release)/", {
      to: shared,
    }),
    between("reading-is-not-reaching", "a foreign cluster is looked at through the world's interfaces", "^src/adopt/", "^src/(host|etcd|pki|release|cli|render|open|open-cluster|testing)", {
      to: `${shared}|^src/pki/(pem|judge|validity|key-file)\\.ts$`,
    }),
    between("cli-asks-the-library", "the command line reaches no host and no etcd but through the world", "^src/cli/", "^src/(host|etcd|release)/", { to: shared }),
    between("host-stands-alone", "the outside rooms do not know each other", "^src/host/", "^src/(etcd|pki|release|plan|apply|observe|steps)/"),
    between("etcd-stands-alone", "the outside rooms do not know each other", "^src/etcd/", "^src/(host|pki|release|plan|apply|observe|steps)/"),
    between("pki-stands-alone", "the outside rooms do not know each other", "^src/pki/", "^src/(host|etcd|release|plan|apply|observe|steps)/"),
    between("release-stands-alone", "the outside rooms do not know each other", "^src/release/", "^src/(host|etcd|pki|plan|apply|observe|steps)/"),
    between("drill-stands-apart", "clients know etcd's API and nothing of what quorate does to a cluster", "^src/drill/", "^src/(?!drill/|etcd/)"),
    {
      name: "judging-is-pure",
      comment: "a history in, a verdict out: what was recorded once can be judged again",
      severity: "error",
      from: { path: "^src/drill/(oracle/|history\\.ts$|verdict\\.ts$)" },
      to: { path: "^(node:)?(fs|fs/promises|child_process|dns|net|http|https|http2|tls|dgram|worker_threads)$", reachable: true },
    },
    {
      name: "rendering-is-pure",
      comment: "values in, text out",
      severity: "error",
      from: { path: "^src/(render|exports)/" },
      to: { path: "^(node:)?(fs|fs/promises|child_process|http|https|http2|tls|net)$", reachable: true },
    },
    between("fakes-stay-in-tests", "the product does not know that it is tested", "^src/", "^src/testing/", { from: "^src/testing/" }),
    { name: "no-circles", comment: "a circle is one room that pretends to be two", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only", "dynamic-import"] } } },
    { name: "no-strangers", comment: "only what package.json names at run time", severity: "error", from: { path: "^src/", pathNot: "^src/testing/" }, to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "unknown"], pathNot: "^node_modules/@types/" } },
    { name: "nothing-missing", comment: "an import that cannot be resolved is never cruised", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"], extensions: [".ts", ".js", ".json"] },
  },
};
