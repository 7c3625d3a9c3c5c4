/** One line per error code: its title and what to do next when the failure itself knows nothing better. */
interface Entry {
  title: string;
  next: string;
}

const define = <T extends Record<string, Entry>>(entries: T): T => entries;

export const catalogue = define({
  // the spec: cluster.yaml, flags, environment
  E_NO_FILE: {
    title: "the cluster file does not exist",
    next: "write one with `quorate init`, or name it with --file",
  },
  E_YAML: { title: "the cluster file is not valid YAML", next: "correct the named line" },
  E_SPEC: {
    title: "the cluster file says something that quorate cannot use",
    next: "correct the named line; docs/reference/cluster-file.md lists every field",
  },
  E_SPEC_ENCODING: { title: "the cluster file is not plain UTF-8 text", next: "save the file as UTF-8" },
  E_SPEC_TOO_LARGE: {
    title: "the cluster file is larger than any cluster needs",
    next: "name the right file; a cluster file has a few dozen lines",
  },
  E_SPEC_EMPTY: {
    title: "the cluster file names no members",
    next: "list the members, or write a new file with `quorate init`",
  },
  E_SPEC_UNKNOWN: {
    title: "the cluster file has a field that quorate does not know",
    next: "correct the name; docs/reference/cluster-file.md lists every field",
  },
  E_SPEC_MISSING: { title: "the cluster file lacks something that has no default", next: "add the named field" },
  E_SPEC_VARIABLE: {
    title: "the cluster file refers to an environment variable that is not set",
    next: "export the variable, or write the value itself",
  },
  E_SPEC_NAME: { title: "a name cannot be used", next: "choose a name of letters, digits, dots and dashes" },
  E_SPEC_DUPLICATE: {
    title: "two things in the cluster file have the same name, address or place",
    next: "give each its own",
  },
  E_SPEC_MEMBERS: { title: "the number of members is not a good one", next: "use 3 or 5 members" },
  E_SPEC_ADDRESS: {
    title: "an address cannot be a member's",
    next: "write an IP address or a host name that the other members can reach",
  },
  E_SPEC_PORT: { title: "a port cannot be used", next: "choose a free port from 1024 to 65535" },
  E_SPEC_URL: {
    title: "a listen URL cannot be used",
    next: "write scheme, IP address and port, for example https://10.64.3.7:2379",
  },
  E_SPEC_PATH: { title: "a path cannot be used", next: "write an absolute path of a folder that holds nothing else" },
  E_SPEC_REFERENCE: {
    title: "a file that the cluster file refers to cannot be used",
    next: "correct the path or the file's permissions",
  },
  E_SPEC_SETTING: {
    title: "an etcd setting does not exist or has a value that etcd would not take",
    next: "correct the setting; `etcd --help` of that version lists them",
  },
  E_SPEC_FORBIDDEN: { title: "an etcd setting is quorate's own or is dangerous", next: "remove the setting" },
  E_SPEC_TIMING: {
    title: "etcd would not start with these times",
    next: "keep the election timeout at 10 heartbeats and at most 50 s",
  },
  E_SPEC_QUOTA: { title: "the database quota is not a good one", next: "choose 2GiB to 8GiB" },
  E_SPEC_TLS: { title: "the TLS part of the cluster file contradicts itself", next: "correct the named line" },
  E_ENVIRONMENT: {
    title: "the tutorial's environment does not say what the cluster is",
    next: "correct the variable, or use the flags of `quorate init`",
  },
  E_USAGE: { title: "the command line is wrong", next: "see `quorate help`" },

  // hosts
  E_HOST_UNREACHABLE: {
    title: "a host cannot be reached",
    next: "check that `ssh HOST true` works from this machine, then run the same command again",
  },
  E_HOST_COMMAND: {
    title: "a command failed on a host",
    next: "read the host's own message, correct the cause and run the same command again",
  },
  E_HOST_VALUE: { title: "a name or path cannot be used on a host", next: "correct it in the cluster file" },
  E_HOST_LOST: {
    title: "the connection to a host was lost",
    next: "see that the host is up, then run the same command again",
  },
  E_HOST_SILENT: {
    title: "a host stopped answering in the middle of a command",
    next: "see what keeps the host busy, then run the same command again",
  },
  E_HOST_OUTPUT: {
    title: "a host's answer could not be understood",
    next: "see what `ssh HOST true` prints; nothing but the command's own output may appear",
  },
  E_HOST_DIGEST: {
    title: "a file did not arrive as it was sent",
    next: "run the same command again; if it happens twice, check the host's disk and memory",
  },
  E_HOST_IN_THE_WAY: {
    title: "something stands where quorate wants to write",
    next: "look at it and move it away by hand",
  },
  E_LOCK_LOST: { title: "the connection that held the cluster's lock was lost", next: "run the same command again" },
  E_SSH_MISSING: { title: "there is no ssh program on this machine", next: "install the OpenSSH client" },
  E_SSH_CONFIG: {
    title: "the ssh client refuses its own configuration",
    next: "correct what ssh names; `ssh -G HOST` shows what is in force",
  },
  E_SSH_NAME: {
    title: "a host name does not resolve",
    next: "correct `ssh.host` in the cluster file, or the name in your ssh config",
  },
  E_SSH_REFUSED: { title: "a host refuses SSH connections", next: "start sshd there, or correct `ssh.port`" },
  E_SSH_TIMEOUT: {
    title: "a host does not answer SSH connections",
    next: "see that the host is up and that no firewall drops the connection",
  },
  E_SSH_NO_ROUTE: { title: "there is no route to a host", next: "check the address and this machine's network" },
  E_SSH_NOT_SSH: {
    title: "what answers at a host's SSH port is not an SSH server",
    next: "correct `ssh.port`, or see why sshd closes connections",
  },
  E_SSH_ALGORITHMS: {
    title: "this ssh client and a host have no algorithm in common",
    next: "update the older of the two; `ssh -v HOST` shows what each offers",
  },
  E_SSH_HOST_KEY_UNKNOWN: {
    title: "a host's key is not known",
    next: "compare the fingerprint with the host's own, then connect once with `ssh HOST` to record it",
  },
  E_SSH_HOST_KEY_CHANGED: {
    title: "a host's key is not the one that was recorded",
    next: "find out why; only if the host was really reinstalled, remove the old key with `ssh-keygen -R HOST`",
  },
  E_SSH_DENIED: {
    title: "a host accepts none of your keys",
    next: "correct `ssh.user` or `ssh.identity`, or add your public key on the host with `ssh-copy-id`",
  },
  E_SSH_KEY_UNUSABLE: {
    title: "ssh cannot use a private key of yours",
    next: "load an encrypted key with `ssh-add`; make its file readable by you alone with `chmod 600`",
  },
  E_SSH_PASSWORD_ONLY: {
    title: "a host wants a login password",
    next: "quorate logs in with keys only: add yours with `ssh-copy-id HOST`",
  },
  E_LOGIN_SHELL: {
    title: "the login shell of a host does not run commands",
    next: "give the user a usual shell, without a forced command and without rc files that read input",
  },
  E_SUDO_PASSWORD_NEEDED: {
    title: "sudo wants a password on a host",
    next: "set `ssh.become: sudo-password` to be asked for it, or allow the user sudo without one",
  },
  E_SUDO_PASSWORD_WRONG: {
    title: "sudo did not accept the password",
    next: "run the same command again with the right password",
  },
  E_SUDO_TTY: {
    title: "sudo wants a terminal on a host",
    next: "remove `requiretty` for this user from the host's sudoers",
  },
  E_SUDO_REFUSED: {
    title: "the user may not use sudo on a host",
    next: "allow the user to run /bin/sh as root in the host's sudoers, or log in as root",
  },

  // planning: what is in the way
  E_DATA_FOREIGN: {
    title: "a data directory holds something that is not this member's",
    next: "look at it; then `quorate up --move-aside MEMBER` renames it, or name another data directory",
  },
  E_DATA_LOST: {
    title: "a member's data is gone although the cluster knows the member",
    next: "a member must not start empty under its old identity; restore its disk, or remove the member and add it again",
  },
  E_MEMBERSHIP: {
    title: "the running cluster has a member that nobody knows",
    next: "name it in the cluster file, or let it go with `quorate up --remove NAME`",
  },
  E_NO_SPARE: {
    title: "no voter can be spared for this",
    next: "bring the named member back, or add one, and run the same command again",
  },
  E_NOT_JOINED: {
    title: "a wanted member is not a voter of the cluster yet",
    next: "bring its host and the cluster's quorum back, and run the same command again",
  },
  E_NOT_LEFT: {
    title: "a member that is to go is still in the cluster",
    next: "bring the named members back and run the same command again",
  },
  E_NOT_MOVED: {
    title: "the cluster still reaches a member at its old address",
    next: "bring the member and its host back, and run the same command again",
  },
  E_WAY_BACK: {
    title: "how long there is a way back to the older version",
    next: "look at the cluster before the last member is upgraded",
  },
  E_HOPS: {
    title: "there is no safe way from one version of etcd to the other",
    next: "see `quorate advise`, and name a version that can be reached",
  },
  E_TOO_FEW_HOSTS: {
    title: "too few hosts can be reached to form a quorum",
    next: "bring the named hosts back and run the same command again",
  },
  E_TRUST_REPLACED: {
    title: "a running member trusts another CA",
    next: "bring back the CA that the cluster was made with; it is in the pki folder beside the cluster file",
  },
  E_CLOCK_SKEW: {
    title: "the clocks of two machines differ",
    next: "set the clocks, for example with chrony or systemd-timesyncd, and run the same command again",
  },
  E_SAME_MACHINE: { title: "two members would live on one machine", next: "give every member a machine of its own" },
  E_ADDRESS_NOT_HERE: {
    title: "a host does not have the address that the file gives it",
    next: "correct the member's address, or its `listen`",
  },
  E_PORT_TAKEN: {
    title: "another process listens on a port that a member needs",
    next: "stop that process or choose another port in the cluster file",
  },
  E_NO_SPACE: {
    title: "too little room on a disk",
    next: "free some space or name another folder in the cluster file",
  },
  E_READ_ONLY: { title: "a disk is read-only", next: "remount it or name another folder in the cluster file" },
  E_NOEXEC: {
    title: "binaries cannot be run from this disk",
    next: "name another `paths.binaries` in the cluster file",
  },
  E_NO_SYSTEMD: { title: "the host is not run by systemd", next: "use a host with systemd 240 or newer" },
  E_NOT_ROOT: { title: "quorate cannot act as root on a host", next: "log in as root or set `ssh.become: sudo`" },
  E_ARCH: {
    title: "there is no etcd for this machine's architecture",
    next: "use amd64, arm64, ppc64le or s390x hosts",
  },
  E_MEMORY: { title: "a host has little memory", next: "give it more: etcd maps its database into memory" },
  E_NO_OPENSSL: {
    title: "keys are to be made on a host that has no openssl",
    next: "install openssl there or set `tls.keys: operator`",
  },
  E_FOREIGN_ETCD: {
    title: "an etcd that quorate did not start runs in this place",
    next: "take it over with `quorate adopt`, or stop it, or name another unit, ports and data directory",
  },

  // adopting a cluster that somebody else built
  E_ADOPT_NONE: {
    title: "there is no etcd to adopt on a host",
    next: "correct the host's name, or name the unit with --unit",
  },
  E_ADOPT_SEVERAL: {
    title: "more than one etcd runs on a host",
    next: "name the unit of the one that is meant with --unit",
  },
  E_ADOPT_KEEPER: {
    title: "quorate cannot take over what starts this etcd",
    next: "move the member under a systemd unit first, one member at a time",
  },
  E_ADOPT_INCOMPLETE: {
    title: "not every member of the cluster could be read",
    next: "see that every member's host can be reached, and name all of them",
  },
  E_ADOPT_DIFFERS: {
    title: "the members are not alike, and the file can say only one thing",
    next: "make them alike and run the same command again",
  },
  E_ADOPT_LAYOUT: {
    title: "the cluster is built in a way that a cluster file cannot describe",
    next: "change it by hand, one member at a time, and run the same command again",
  },
  E_ADOPT_TRUST: {
    title: "what quorate needs of the cluster's certificates is missing or does not fit",
    next: "name the files with --cacert, --cert, --key and --ca-key",
  },
  E_ADOPT_DROP_INS: {
    title: "drop-ins of another's unit would change what quorate starts",
    next: "move the drop-ins away; quorate's unit says all that is needed",
  },

  // binaries
  E_RELEASE_VERSION: { title: "an etcd version is not exact", next: "write three numbers, for example 3.5.30" },
  E_RELEASE_REFUSED: {
    title: "an etcd version is known to be unsafe or is not supported",
    next: "take a newer patch; docs/reference/errors.md says where each fault is described",
  },
  E_RELEASE_DIGEST: {
    title: "a file of a release is not the one that was published",
    next: "do not use the file; remove it or correct the mirror, and run the same command again",
  },
  E_RELEASE_ARCHIVE: {
    title: "a release archive cannot be used",
    next: "fetch the archive again, or name another source",
  },
  E_RELEASE_ARCH: {
    title: "a binary is for another kind of processor",
    next: "give binaries for the architecture of the member's host",
  },
  E_RELEASE_BINARY: {
    title: "an etcd binary does not run, or is of another version than asked",
    next: "give the binaries of the version asked, or another source",
  },
  E_RELEASE_UNREACHABLE: {
    title: "a source of binaries cannot be had, or does not have this release",
    next: "check the network or the mirror, or name another source",
  },
  E_RELEASE_GIVEN: {
    title: "the given folder or archive holds no etcd that can be used",
    next: "give a folder with etcd and etcdctl in it, a release archive (.tar.gz) or etcd's Debian packages",
  },
  E_RELEASE_NOT_FOUND: {
    title: "no source has this etcd",
    next: "fetch a release archive on another machine and give its path",
  },
  E_RELEASE_CACHE: {
    title: "quorate's cache of binaries cannot be used",
    next: "free space or correct the owner of the folder, or set QUORATE_CACHE to another one",
  },

  E_VERSION_RISKY: { title: "a version with known risks", next: "prefer the newest patch of its line" },

  // trust: the CA, certificates and keys
  E_TLS_FILE: {
    title: "a certificate or key file cannot be read",
    next: "correct the path or the file's owner and mode",
  },
  E_PEM: { title: "a file does not hold the certificate or key it should", next: "give a PEM file of the named kind" },
  E_CA_IS_LEAF: {
    title: "a file given as CA holds a certificate that is no CA",
    next: "give the certificate that signed it, in cfssl's naming ca.pem",
  },
  E_CA_KEY_ABSENT: {
    title: "a certificate must be signed and the CA's key is not here",
    next: "put the CA's key in place for this run, or give ready certificates",
  },
  E_CA_PASSPHRASE: {
    title: "the CA's key is encrypted and could not be opened",
    next: "run the command again and give the right passphrase",
  },
  E_KEY_MISMATCH: {
    title: "a key does not belong to its certificate",
    next: "give the key that the certificate was made for",
  },
  E_KEY_KIND: { title: "quorate cannot sign with this kind of key", next: "use an RSA, ECDSA or Ed25519 key" },
  E_KEY_ENCRYPTED: { title: "a member's key is encrypted", next: "decrypt it with `openssl pkey -in OLD -out NEW`" },
  E_KEY_MODE: {
    title: "a private key can be read by others",
    next: "make the key file readable by its owner alone: chmod 0600",
  },
  E_PLAINTEXT: {
    title: "clients are still served without TLS",
    next: "give every client https:// endpoints, then run `quorate up --close-plaintext`",
  },
  E_TLS_SWITCH: { title: "the cluster cannot be switched to or from TLS as it is", next: "correct `tls` in the file" },
  E_CA_GIVEN: {
    title: "the CA is given, so quorate makes no other",
    next: "name the new CA's files under `tls.ca`, and run `quorate up`",
  },
  E_CA_NONE: { title: "the cluster has no CA yet", next: "run `quorate up` first" },
  E_CA_UNKNOWN: {
    title: "a CA that a member trusts is no longer on record",
    next: "bring back the pki folder beside the cluster file",
  },
  E_CA_WAITS: {
    title: "the change from one CA to another is not finished",
    next: "settle what it waits for, and run `quorate up` again",
  },
  E_TRUST_UNPROVEN: {
    title: "a listener did not shake hands with a certificate of the new CA",
    next: "correct what the listener says, and run `quorate up` again; both CAs are trusted until then",
  },
  E_CERT_DUE: {
    title: "a certificate ends soon and quorate cannot renew it",
    next: "have it renewed where it came from, or put the CA's key in place",
  },
  E_CERT_EXPIRED: { title: "a certificate has expired", next: "have it renewed, or correct this machine's clock" },
  E_CERT_NOT_YET_VALID: {
    title: "a certificate is not valid yet",
    next: "correct this machine's clock, or wait until the named instant",
  },
  E_CERT_USAGE: {
    title: "a certificate may not be used for what it is needed for",
    next: "have it issued with the extended key usages serverAuth and clientAuth",
  },
  E_CERT_NAMES: {
    title: "a certificate does not cover an address",
    next: "have it issued with the named address among its subject alternative names",
  },
  E_CERT_WEAK: {
    title: "a certificate or key is too weak",
    next: "have it issued anew with RSA of at least 2048 bits or ECDSA, signed with SHA-256 or better",
  },
  E_CERT_CHAIN: {
    title: "a certificate does not lead to the CA",
    next: "give the CA that signed it, with all intermediates up to the root",
  },
  E_CERT_LIFETIME: { title: "a certificate was asked to outlive its CA", next: "ask for fewer days" },
  E_TLS_EXISTS: {
    title: "a certificate file of that name is already there",
    next: "name another folder, or move the old file away",
  },
  E_CSR: { title: "a certificate request cannot be accepted", next: "make the request again on the host" },
  E_CFSSL: { title: "a cfssl file says something that quorate cannot use", next: "correct the named field" },
  E_CLIENT_NAME: { title: "a client certificate cannot be issued under this name", next: "choose another name" },

  // users and roles
  E_SPEC_AUTH: { title: "users or roles in the cluster file make no sense", next: "correct the named field" },
  E_AUTH_LOCKOUT: {
    title: "this would lock quorate out of the cluster",
    next: "give the user that quorate's own certificate names the role root",
  },
  E_AUTH_REFUSED: {
    title: "users and roles cannot be looked at",
    next: "see who quorate is for etcd: the CN of its client certificate must be a user with the role root",
  },
  E_AUTH_UNSEEN: {
    title: "users and roles could not be looked at yet",
    next: "run the same command again when a member serves",
  },
  E_AUTH_EXTRA: {
    title: "etcd has users or roles that the file does not name",
    next: "name them in the file, or write `exclusive: true` under `auth` to have them removed",
  },
  E_AUTH_PASSWORD: {
    title: "a password cannot be used",
    next: "correct where it comes from, and run the same command again",
  },
  E_AUTH: {
    title: "etcd refused a change of users or roles",
    next: "read what it says, and run the same command again",
  },

  // the command line
  E_NOT_CONFIRMED: {
    title: "the change was not confirmed",
    next: "look at `quorate plan`, then run the same command again",
  },
  E_NO_TERMINAL: {
    title: "something is to be asked and there is no terminal to ask at",
    next: "give the answer with a flag; see `--help`",
  },
  E_FILE_EXISTS: {
    title: "the file is already there",
    next: "name another file with --file, or move the old one away",
  },
  E_NO_WAY_BACK: { title: "there is no way back from this run", next: "see `quorate log`" },
  E_NO_RUN: { title: "there is no such run", next: "see `quorate log` for the runs that there are" },

  // applying
  E_NOT_SERVING: { title: "a member does not serve", next: "see `quorate status` and the member's log" },
  E_NO_LEADER: {
    title: "the cluster has no leader",
    next: "see `quorate status`; bring enough members back for a quorum",
  },
  E_NO_QUORUM: {
    title: "the cluster has no quorum",
    next: "bring enough members back, and run the same command again",
  },
  E_LEARNER_WAITS: {
    title: "a learner is not a voter yet",
    next: "let it catch up, or take it out, and run the same command again",
  },
  E_NOT_CAUGHT_UP: {
    title: "a member lags behind the others",
    next: "wait until `quorate status` shows it level, and run the same command again",
  },
  E_CHANGE_REFUSED: {
    title: "etcd goes on refusing a change of members",
    next: "read what it says; often a member has not been connected for 5 s",
  },
  E_SNAPSHOT: { title: "a snapshot could not be taken", next: "see `quorate status`, and run the same command again" },
  E_DEFRAGMENT: {
    title: "a member was not defragmented",
    next: "see `quorate status`, and run the same command again",
  },
  E_DEFRAGMENT_UNSAFE: {
    title: "this version of etcd can damage its data when it is defragmented now",
    next: "upgrade to a newer patch first, or wait until the member has caught up",
  },
  E_COMPACT: {
    title: "etcd did not forget what it was told to",
    next: "read what it says, and run the same command again",
  },
  E_ALARM: { title: "an alarm could not be taken back", next: "see `quorate status`, and run the same command again" },
  E_FULL: {
    title: "what is in use fills the quota of a member",
    next: "raise `quota-backend-bytes` in the cluster file and run `quorate up`, or delete keys; then run the same command again",
  },
  E_CORRUPT: {
    title: "a member is said to have other data than the others",
    next: "see `quorate hash-check`, then `quorate rebuild MEMBER`",
  },
  E_HASH_SPLIT: {
    title: "nobody can say which member has the right data",
    next: "stop writing, keep a copy of every data folder, and restore from a snapshot",
  },
  E_CHANGED: {
    title: "something changed between planning and doing",
    next: "run the same command again and look at the new plan",
  },
  E_JOURNAL: {
    title: "the record of a run cannot be written",
    next: "free some space or correct the owner of the state folder, and run the same command again",
  },
  E_INTERRUPTED: {
    title: "stopped at the operator's wish",
    next: "run the same command again: it goes on where it stopped",
  },
  E_MEMBER_FAILED: {
    title: "a member's process ended or keeps restarting",
    next: "read its last log lines, correct the cause and run the same command again",
  },
  E_LOCKED: {
    title: "another quorate is at work on this cluster",
    next: "wait for it to end, or see `quorate unlock --help`",
  },
  E_NO_EFFECT: {
    title: "a step was carried out but its effect was not seen",
    next: "correct the cause and run `quorate plan`",
  },
  E_REFUSED: { title: "a step would be unsafe now", next: "correct the cause and run `quorate plan`" },
});
