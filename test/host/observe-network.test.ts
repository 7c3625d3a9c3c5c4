import { describe, expect, it } from "vitest";
import { addressesOf, ipv6Text, listenersOf } from "../../src/host/observe-network.js";

const trie = `==> /proc/net/fib_trie <==
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.64.3.0/24 2 0 2
        +-- 10.64.3.0/28 2 0 2
           |-- 10.64.3.0
              /24 link UNICAST
           |-- 10.64.3.7
              /32 host LOCAL
        |-- 10.64.3.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST

==> /proc/net/if_inet6 <==
00000000000000000000000000000001 01 80 10 80       lo
fd000000000000000000000000000007 02 40 00 80    eth0
`;

it("finds the addresses that a host has, and no networks", () => {
  expect(addressesOf(trie)).toEqual(["10.64.3.7", "127.0.0.1", "::1", "fd00::7"]);
});

describe("ipv6Text", () => {
  it.each([
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["fd000000000000000000000000000000", "fd00::"],
    ["20010db8000000010000000000000001", "2001:db8:0:1::1"],
    ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
    ["20010db8000100010001000100010001", "2001:db8:1:1:1:1:1:1"],
    ["00000000000000000000ffff0a400307", "10.64.3.7"],
  ])("%s is %s", (hex, text) => {
    expect(ipv6Text(hex)).toBe(text);
  });
});

describe("listenersOf", () => {
  const tail = "00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0";
  it.each([
    ["0A", "0703400A:094B 00000000:0000", "10.64.3.7"],
    ["0A", "00000000:094B 00000000:0000", "0.0.0.0"],
    ["0A", "000000FD000000000000000007000000:094B 00000000000000000000000000000000:0000", "fd00::7"],
    ["0A", "00000000000000000000000001000000:094B 00000000000000000000000000000000:0000", "::1"],
  ])("state %s: %s", (state, sockets, address) => {
    expect(listenersOf([`   1: ${sockets} ${state} ${tail}`])).toEqual([{ address, port: 2379, inode: "4242" }]);
  });

  it("leaves out connections and nonsense", () => {
    expect(listenersOf([`   1: 0703400A:094B 0703400A:FFFF 01 ${tail}`, "", "sl local_address", "==> x <=="])).toEqual(
      [],
    );
  });

  it("reads the words of a big-endian machine as they are", () => {
    expect(listenersOf([`   1: 0A400307:094B 00000000:0000 0A ${tail}`], true)[0]?.address).toBe("10.64.3.7");
  });
});
