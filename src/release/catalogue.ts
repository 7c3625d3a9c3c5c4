/**
 * SHA-256 digests of archives and packages, by file name: proof that does not come from the place the file comes
 * from.
 *
 * How a digest gets in. A Debian package: downloaded, its digest computed and found equal to the one in the archive's
 * signed index, and the etcd in it started where that was possible (amd64). An official archive: two projects that do
 * not know each other pin the same digest for it. What was not verified so is not in here. A file that is not listed
 * is checked against what its own source says (SHA256SUMS, or the signed package index).
 */
const digests: Readonly<Record<string, string>> = {
  // official archives
  "etcd-v3.7.1-linux-amd64.tar.gz": "e8cd3fa8064c98137c5dbd78b76f969417ace84efb83c481041d7a52ffdd8fb9",
  "etcd-v3.6.14-linux-amd64.tar.gz": "ffe840ff9295808e88cce2794a18a5ac87f12a5203c8314d0bf6aa119b41bac5",
  "etcd-v3.6.14-linux-arm64.tar.gz": "fa1b80565ee6fc2df1ae6f57a508b221f3ecc7d591c317c581cd8281b0842b3e",
  "etcd-v3.5.33-linux-amd64.tar.gz": "5025b5b24d81a9616b6e284ccd439b9a3df055ef8fdcdc142af3ec8f6a3b3c95",
  "etcd-v3.5.16-linux-amd64.tar.gz": "b414b27a5ad05f7cb01395c447c85d3227e3fb1c176e51757a283b817f645ccc",
  "etcd-v3.5.16-linux-arm64.tar.gz": "8e68c55e6d72b791a9e98591c755af36f6f55aa9eca63767822cd8a3817fdb23",
  // Debian bookworm
  "etcd-server_3.4.23-4+b4_amd64.deb": "3a9445d4560ad6de1c375756b2a17d97713df44cbd20a658c871fe108af7ef5d",
  "etcd-client_3.4.23-4+b4_amd64.deb": "db3a484d5d924b50bf71f459ee544ecd7b11c25dc2f6becc0c50352d67299cc8",
  "etcd-server_3.4.23-4+b4_arm64.deb": "821e59be145fa42bd72b3e003d275640947c3d824b4c06b1ed2a01a631d555a1",
  "etcd-client_3.4.23-4+b4_arm64.deb": "3f1bcd6d47e2c9eaa274c5bb2f7b2ebc090226dc10dde00e13e32d0b03d137d7",
  // Debian trixie
  "etcd-server_3.5.16-4_amd64.deb": "0875921bb0d023f2af9b8e15cdfbe417a03e65731345fb832c40f9c2dd72967b",
  "etcd-client_3.5.16-4_amd64.deb": "7eb67e305ba2ce523a5a0b29bf88750ded3f724769c7111a83382b7909f9977b",
  "etcd-server_3.5.16-4_arm64.deb": "5e21469a4f59f1cb2ed7af9c6eb9dda7d9734809c011cfa8a39b34f82a161a32",
  "etcd-client_3.5.16-4_arm64.deb": "56c3527045c4ddd0aca5a572897b9a72e43a015cb09a01c79acc08eda17904ca",
  // Debian forky and sid
  "etcd-server_3.5.30-2_amd64.deb": "11a4f7e350c5020b83edff5160a6063d4e56ac9cd014d21ce8916378bf96de79",
  "etcd-client_3.5.30-2_amd64.deb": "1e66ad2aba4cba6842a1ac35d5c525e750102b8fb42748225bcb2e34d6595931",
  "etcd-server_3.5.30-2_arm64.deb": "c9f0208925c51d44ba026367930c67a1fd2bef12d162e8b99d249f42242f7100",
  "etcd-client_3.5.30-2_arm64.deb": "65cfed5f190e8f99239a0e9911b1b1fa9aca484e80856b8afb3310f2ca619733",
};

/** The pinned digest of a file by its name, lower-case hex; undefined when none is known. */
export function catalogued(fileName: string): string | undefined {
  return digests[fileName];
}

/** Names of all files with a pinned digest. */
export function cataloguedNames(): readonly string[] {
  return Object.keys(digests);
}

/**
 * The newest release of each line when this was written, newest line first. The release site has no list that can be
 * read without an account, so newer patches are found by asking for the next numbers.
 */
export const knownReleases: readonly string[] = ["3.7.3", "3.6.16", "3.5.35", "3.4.45"];
