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

  // planning: what is in the way
  E_DATA_FOREIGN: { title: "a data directory holds something that is not this member's", next: "look at it; then `quorate up --move-aside MEMBER` renames it, or name another data directory" },
  E_DATA_LOST: { title: "a member's data is gone although the cluster knows the member", next: "a member must not start empty under its old identity; restore its disk, or remove the member and add it again" },
  E_ROLLING_CHANGE: { title: "the change needs a rolling restart of a running cluster", next: "take the change back in the cluster file; this version of quorate does not restart running members" },
  E_TOO_FEW_HOSTS: { title: "too few hosts can be reached to form a quorum", next: "bring the named hosts back and run the same command again" },
  E_TRUST_REPLACED: { title: "a running member trusts another CA", next: "bring back the CA that the cluster was made with; it is in the pki folder beside the cluster file" },
  E_CLOCK_SKEW: { title: "the clocks of two machines differ", next: "set the clocks, for example with chrony or systemd-timesyncd, and run the same command again" },
  E_SAME_MACHINE: { title: "two members would live on one machine", next: "give every member a machine of its own" },
  E_ADDRESS_NOT_HERE: { title: "a host does not have the address that the file gives it", next: "correct the member's address, or its `listen`" },
  E_PORT_TAKEN: { title: "another process listens on a port that a member needs", next: "stop that process or choose another port in the cluster file" },
  E_NO_SPACE: { title: "too little room on a disk", next: "free some space or name another folder in the cluster file" },
  E_READ_ONLY: { title: "a disk is read-only", next: "remount it or name another folder in the cluster file" },
  E_NOEXEC: { title: "binaries cannot be run from this disk", next: "name another `paths.binaries` in the cluster file" },
  E_NO_SYSTEMD: { title: "the host is not run by systemd", next: "use a host with systemd 240 or newer" },
  E_NOT_ROOT: { title: "quorate cannot act as root on a host", next: "log in as root or set `ssh.become: sudo`" },
  E_ARCH: { title: "there is no etcd for this machine's architecture", next: "use amd64, arm64, ppc64le or s390x hosts" },
  E_MEMORY: { title: "a host has little memory", next: "give it more: etcd maps its database into memory" },
  E_NO_OPENSSL: { title: "keys are to be made on a host that has no openssl", next: "install openssl there or set `tls.keys: operator`" },
  E_DEGRADED: { title: "a part was done and a part could not be", next: "correct the cause and run the same command again" },
  E_FOREIGN_ETCD: { title: "an etcd that quorate did not start runs in this place", next: "stop it, or name another unit, ports and data directory" },

  // binaries
  E_RELEASE_VERSION: { title: "an etcd version is not exact", next: "write three numbers, for example 3.5.30" },
  E_RELEASE_REFUSED: { title: "an etcd version is known to be unsafe or is not supported", next: "take a newer patch; docs/reference/errors.md says where each fault is described" },
  E_RELEASE_DIGEST: { title: "a file of a release is not the one that was published", next: "do not use the file; remove it or correct the mirror, and run the same command again" },
  E_RELEASE_ARCHIVE: { title: "a release archive cannot be used", next: "fetch the archive again, or name another source" },
  E_RELEASE_ARCH: { title: "a binary is for another kind of processor", next: "give binaries for the architecture of the member's host" },
  E_RELEASE_BINARY: { title: "an etcd binary does not run, or is of another version than asked", next: "give the binaries of the version asked, or another source" },
  E_RELEASE_UNREACHABLE: { title: "a source of binaries cannot be had, or does not have this release", next: "check the network or the mirror, or name another source" },
  E_RELEASE_GIVEN: { title: "the given folder or archive holds no etcd that can be used", next: "give a folder with etcd and etcdctl in it, a release archive (.tar.gz) or etcd's Debian packages" },
  E_RELEASE_NOT_FOUND: { title: "no source has this etcd", next: "fetch a release archive on another machine and give its path" },
  E_RELEASE_CACHE: { title: "quorate's cache of binaries cannot be used", next: "free space or correct the owner of the folder, or set QUORATE_CACHE to another one" },

  E_VERSION_RISKY: { title: "a version with known risks", next: "prefer the newest patch of its line" },

  // trust: the CA, certificates and keys
  E_TLS_FILE: { title: "a certificate or key file cannot be read", next: "correct the path or the file's owner and mode" },
  E_PEM: { title: "a file does not hold the certificate or key it should", next: "give a PEM file of the named kind" },
  E_CA_IS_LEAF: { title: "a file given as CA holds a certificate that is no CA", next: "give the certificate that signed it, in cfssl's naming ca.pem" },
  E_CA_KEY_ABSENT: { title: "a certificate must be signed and the CA's key is not here", next: "put the CA's key in place for this run, or give ready certificates" },
  E_CA_PASSPHRASE: { title: "the CA's key is encrypted and could not be opened", next: "run the command again and give the right passphrase" },
  E_KEY_MISMATCH: { title: "a key does not belong to its certificate", next: "give the key that the certificate was made for" },
  E_KEY_KIND: { title: "quorate cannot sign with this kind of key", next: "use an RSA, ECDSA or Ed25519 key" },
  E_KEY_ENCRYPTED: { title: "a member's key is encrypted", next: "decrypt it with `openssl pkey -in OLD -out NEW`" },
  E_KEY_MODE: { title: "a private key can be read by others", next: "make the key file readable by its owner alone: chmod 0600" },
  E_CERT_EXPIRED: { title: "a certificate has expired", next: "have it renewed, or correct this machine's clock" },
  E_CERT_NOT_YET_VALID: { title: "a certificate is not valid yet", next: "correct this machine's clock, or wait until the named instant" },
  E_CERT_USAGE: { title: "a certificate may not be used for what it is needed for", next: "have it issued with the extended key usages serverAuth and clientAuth" },
  E_CERT_NAMES: { title: "a certificate does not cover an address", next: "have it issued with the named address among its subject alternative names" },
  E_CERT_WEAK: { title: "a certificate or key is too weak", next: "have it issued anew with RSA of at least 2048 bits or ECDSA, signed with SHA-256 or better" },
  E_CERT_CHAIN: { title: "a certificate does not lead to the CA", next: "give the CA that signed it, with all intermediates up to the root" },
  E_CERT_LIFETIME: { title: "a certificate was asked to outlive its CA", next: "ask for fewer days" },
  E_CSR: { title: "a certificate request cannot be accepted", next: "make the request again on the host" },
  E_CFSSL: { title: "a cfssl file says something that quorate cannot use", next: "correct the named field" },
  E_CLIENT_NAME: { title: "a client certificate cannot be issued under this name", next: "choose another name" },

  // applying
  E_NOT_SERVING: { title: "a member does not serve", next: "see `quorate status` and the member's log" },
  E_CHANGED: { title: "something changed between planning and doing", next: "run the same command again and look at the new plan" },
  E_INTERRUPTED: { title: "stopped at the operator's wish", next: "run the same command again: it goes on where it stopped" },
  E_MEMBER_FAILED: { title: "a member's process ended or keeps restarting", next: "read its last log lines, correct the cause and run the same command again" },
  E_LOCKED: { title: "another quorate is at work on this cluster", next: "wait for it to end, or see `quorate unlock --help`" },
  E_NO_EFFECT: { title: "a step was carried out but its effect was not seen", next: "correct the cause and run `quorate plan`" },
  E_REFUSED: { title: "a step would be unsafe now", next: "correct the cause and run `quorate plan`" },
});
