import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Log } from "../../../src/base/log.ts";
import {
  type HostConfig,
  hostFromName,
  HostTable,
  mergeHosts,
} from "../../../src/registry/http/hosts.ts";

Deno.test("HostTable completes what is configured with what the name says", () => {
  const hosts = new HostTable([{ name: "r.example", user: "u" }], {
    hostDefault: { reqConcurrent: 2, user: "everybody" },
  });
  deepStrictEqual(hosts.get("r.example"), {
    name: "r.example",
    hostname: "r.example",
    reqConcurrent: 2,
    user: "u",
  });
  deepStrictEqual(hosts.get("other.example").user, "everybody");
  deepStrictEqual(hosts.names, ["r.example"]);
});

Deno.test("HostTable knows Docker Hub under all its names", () => {
  const hosts = new HostTable([{ name: "registry-1.docker.io", pass: "p" }]);
  for (
    const name of [
      "docker.io",
      "index.docker.io",
      "https://index.docker.io/v1/",
    ]
  ) {
    const { hostname, pass, credHost } = hosts.get(name);
    deepStrictEqual(
      [hostname, pass, credHost],
      ["registry-1.docker.io", "p", "https://index.docker.io/v1/"],
    );
  }
});

Deno.test("mergeHosts() lets the later entry win, tells changes, and no secret", () => {
  const lines: string[] = [];
  const log = new Log(0, ({ message, attributes }) => {
    lines.push(`${message} ${JSON.stringify(attributes)}`);
  });
  const merged = mergeHosts(
    { name: "r", user: "a", pass: "old", tls: "insecure", apiOpts: { x: "1" } },
    { name: "r", user: "b", pass: "new", hostname: "", apiOpts: { y: "2" } },
    { log },
  );
  deepStrictEqual(merged, {
    name: "r",
    user: "b",
    pass: "new",
    tls: "insecure",
    apiOpts: { x: "1", y: "2" },
  });
  deepStrictEqual(lines, [
    'Changing login user for registry {"orig":"a","new":"b","host":"r"}',
    'Changing login password for registry {"host":"r"}',
  ]);
});

Deno.test("mergeHosts() drops a helper for a password, and a login for a helper", () => {
  const helper: HostConfig = { name: "r", credHelper: "h", user: "u" };
  strictEqual(
    mergeHosts(helper, { name: "r", user: "u", pass: "p" }).credHelper,
    undefined,
  );
  const login: HostConfig = { name: "r", user: "u", pass: "p", token: "t" };
  deepStrictEqual(mergeHosts(login, { name: "r", credHelper: "h" }), {
    name: "r",
    credHelper: "h",
  });
});

Deno.test("hostFromName() reads what people write for a registry", () => {
  deepStrictEqual(hostFromName("r.example"), {
    name: "r.example",
    hostname: "r.example",
  });
  deepStrictEqual(hostFromName("https://r.example/"), {
    name: "r.example",
    hostname: "r.example",
    credHost: "https://r.example/",
  });
  strictEqual(hostFromName("http://localhost:5000").tls, "disabled");
  strictEqual(hostFromName("https://index.docker.io/v1/").name, "docker.io");
  for (const text of ["", "https://", "ftp://r", "r.example/repo", "a b"]) {
    throws(() => hostFromName(text), /Cannot read a registry name/, text);
  }
});
