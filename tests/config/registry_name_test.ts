import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { hostFromName, isPlainHost } from "../../src/config/registry_name.ts";

Deno.test("hostFromName() reads names, URLs and the names of Docker Hub", () => {
  deepStrictEqual(hostFromName("a.example:5000"), {
    name: "a.example:5000",
    hostname: "a.example:5000",
  });
  deepStrictEqual(hostFromName("http://a/"), {
    name: "a",
    hostname: "a",
    tls: "disabled",
    credHost: "http://a/",
  });
  for (
    const name of [
      "",
      "docker.io",
      "registry-1.docker.io",
      "https://index.docker.io/v1/",
      "https://index.docker.io",
    ]
  ) strictEqual(hostFromName(name).name, "docker.io", name);
});

Deno.test("hostFromName() refuses paths, other schemes and logins", () => {
  for (
    const name of ["a/b", "ftp://a", "https://", "u:p@a", "a b", "http://a/v2/"]
  ) {
    throws(() => hostFromName(name), {
      code: "usage",
      message: `invalid registry name provided: ${name}`,
    });
  }
});

Deno.test("isPlainHost() tells what need not be kept", () => {
  const name = "a.example";
  for (
    const host of [
      { name },
      { name, hostname: name, tls: "enabled", reqConcurrent: 3 } as const,
      hostFromName("docker.io"),
    ]
  ) strictEqual(isPlainHost(host), true);
  for (
    const more of [{ tls: "disabled" }, { hostname: "b" }, {
      user: "u",
    }] as const
  ) {
    strictEqual(isPlainHost({ name, ...more }), false);
  }
});
