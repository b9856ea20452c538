import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  isLocalAddress,
  parseAddress,
  proxyFor,
  proxySettings,
  proxyVariables,
} from "../../../src/registry/http/no_proxy.ts";

function goesThrough(url: string, no: string): boolean {
  const settings = { http: "p:1", https: "https://p:2", no };
  return proxyFor(new URL(url), settings) !== undefined;
}

Deno.test("proxyFor() takes the proxy of the scheme, http where it names none", () => {
  const settings = { http: "p:1", https: "https://p:2" };
  strictEqual(proxyFor(new URL("http://a.example/"), settings), "http://p:1");
  strictEqual(proxyFor(new URL("https://a.example/"), settings), "https://p:2");
  strictEqual(
    proxyFor(new URL("https://a.example/"), { http: "p" }),
    undefined,
  );
});

Deno.test("proxyFor() never sends loopback through a proxy", () => {
  for (
    const host of ["localhost", "127.0.0.1:5000", "127.9.9.9", "[::1]:5000"]
  ) {
    strictEqual(goesThrough(`http://${host}/`, ""), false, host);
  }
});

Deno.test("proxyFor() reads NO_PROXY as Go does", () => {
  const rows: readonly [url: string, no: string, through: boolean][] = [
    ["https://a.example/", "a.example", false],
    ["https://x.a.example/", "a.example", false],
    ["https://xa.example/", "a.example", true],
    ["https://a.example/", ".a.example", true],
    ["https://x.a.example/", ".a.example", false],
    ["https://x.a.example/", "*.a.example", false],
    ["https://a.example/", "*.a.example", true],
    ["https://A.Example/", " b.example , a.EXAMPLE ", false],
    ["https://a.example/", "*", false],
    ["https://a.example/", "a.example:443", false],
    ["https://a.example:8443/", "a.example:443", true],
    ["http://a.example/", "a.example:80", false],
    ["https://10.1.2.3/", "10.0.0.0/8", false],
    ["https://11.1.2.3/", "10.0.0.0/8", true],
    ["https://10.1.2.3/", "10.1.2.3", false],
    ["https://10.1.2.3:99/", "10.1.2.3:98", true],
    ["https://[2001:db8::5]/", "2001:db8::/32", false],
    ["https://[2001:db9::5]/", "2001:db8::/32", true],
    ["https://[2001:db8::5]/", "[2001:db8::5]:443", false],
    ["https://10.example/", "10.0.0.0/8", true],
    ["https://a.example/", ",,", true],
  ];
  for (const [url, no, through] of rows) {
    strictEqual(goesThrough(url, no), through, `${url} with ${no}`);
  }
});

Deno.test("proxySettings() prefers the upper-case names", () => {
  const env = new Map([["HTTPS_PROXY", "a"], ["https_proxy", "b"], [
    "no_proxy",
    "c",
  ]]);
  deepStrictEqual(proxySettings((name) => env.get(name)), {
    http: "",
    https: "a",
    no: "c",
  });
});

Deno.test("isLocalAddress() knows this machine and its link, not private ranges", () => {
  const local = (text: string) => {
    const address = parseAddress(text);
    return address && isLocalAddress(address);
  };
  for (
    const text of [
      "127.0.0.1",
      "::1",
      "0.0.0.0",
      "::",
      "169.254.1.1",
      "fe80::1",
      "::ffff:127.0.0.1",
    ]
  ) {
    strictEqual(local(text), true, text);
  }
  for (
    const text of [
      "10.0.0.1",
      "192.168.1.1",
      "8.8.8.8",
      "2001:db8::1",
      "fd00::1",
    ]
  ) {
    strictEqual(local(text), false, text);
  }
  for (const text of ["example", "1.2.3", "256.1.1.1", "1:2"]) {
    strictEqual(local(text), undefined, text);
  }
});

Deno.test("proxyVariables() gives what is set, under its own name", () => {
  const env = new Map([["HTTPS_PROXY", "a"], ["no_proxy", ""], ["OTHER", "x"]]);
  deepStrictEqual(proxyVariables((name) => env.get(name)), {
    HTTPS_PROXY: "a",
    no_proxy: "",
  });
});
