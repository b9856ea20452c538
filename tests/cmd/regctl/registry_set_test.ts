import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type Bench, bench } from "../../support/regctl.ts";

async function hosts(b: Bench) {
  return JSON.parse(await Deno.readTextFile(b.configPath)).hosts;
}

Deno.test("registry set stores what it is given and keeps the rest", async () => {
  await using b = await bench();
  const set = (...flags: string[]) =>
    b.ok(["registry", "set", "x.example", "--skip-check", ...flags]);
  await set(
    "--tls",
    "Insecure",
    "--mirror",
    "m1",
    "--mirror",
    "m2",
    "--repo-auth",
  );
  await set("--api-opts", "a=b", "--api-opts", "c=d=e", "--priority", "0x10");
  await set(
    "--api-opts",
    "a=",
    "--blob-max=-1",
    "--mirror",
    "m3",
    "--req-per-sec=2.5",
  );
  deepStrictEqual((await hosts(b))["x.example"], {
    tls: "insecure",
    hostname: "x.example",
    mirrors: ["m3"],
    priority: 16,
    repoAuth: true,
    apiOpts: { "c": "d=e" },
    blobMax: -1,
    reqPerSec: 2.5,
  });
});

Deno.test("registry set reads the scheme of a name, and knows Docker Hub", async () => {
  await using b = await bench();
  await b.ok(["registry", "set", "http://x.example:80/", "--skip-check"]);
  await b.ok(["registry", "set", "--skip-check"]);
  const { [b.host]: _, ...rest } = await hosts(b);
  deepStrictEqual(rest, {
    "docker.io": {
      hostname: "registry-1.docker.io",
      credHost: "https://index.docker.io/v1/",
    },
    "x.example:80": {
      tls: "disabled",
      hostname: "x.example:80",
      credHost: "http://x.example:80/",
    },
  });
});

Deno.test("registry set refuses what makes no sense and changes nothing", async () => {
  await using b = await bench();
  const before = await Deno.readTextFile(b.configPath);
  const cases: [string[], RegExp][] = [
    [["foo/bar"], /^error: invalid registry name provided: foo\/bar\n/],
    [["ftp://x"], /^error: invalid registry name provided: ftp:\/\/x\n/],
    [
      ["x.example", "--tls", "bogus"],
      /^error: unknown TLS value "bogus"\nhint: use enabled/,
    ],
    [["x.example", "--priority=-1"], /^error: .*--priority/],
  ];
  for (const [argv, message] of cases) {
    const { exit, stderr } = await b.run(["registry", "set", ...argv]);
    strictEqual(exit, 2);
    match(stderr, message);
  }
  strictEqual(await Deno.readTextFile(b.configPath), before);
});

Deno.test("registry set takes several servers of early releases as mirrors", async () => {
  await using b = await bench();
  const { exit, stderr } = await b.run(
    [
      "registry",
      "set",
      "x.example",
      "--skip-check",
      "--dns",
      "a",
      "--dns",
      "b",
    ],
  );
  strictEqual(exit, 0);
  match(stderr, /level=WARN msg="DNS flag is deprecated/);
  const { hostname, mirrors } = (await hosts(b))["x.example"];
  deepStrictEqual([hostname, mirrors], ["a", ["b"]]);
});
