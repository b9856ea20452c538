import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  configToJson,
  configWithoutSecrets,
  loadRegctlConfig,
  parseRegctlConfig,
  regctlConfigPath,
  saveRegctlConfig,
} from "../../src/config/regctl.ts";
import { tempDir } from "../support/temp.ts";

const env = (values: Record<string, string>) => (name: string) => values[name];
const parse = (text: string) => parseRegctlConfig(text, "c.json");

Deno.test("regctlConfigPath() takes the last place that applies", async () => {
  await using dir = await tempDir();
  const home = dir.path;
  const path = (more: Record<string, string> = {}) =>
    regctlConfigPath(env({ HOME: home, ...more }));
  strictEqual(await path(), `${home}/.regctl/config.json`);
  await Deno.mkdir(`${home}/.config/regctl`, { recursive: true });
  await Deno.writeTextFile(`${home}/.config/regctl/config.json`, "{}");
  strictEqual(await path(), `${home}/.config/regctl/config.json`);
  strictEqual(
    await path({ XDG_CONFIG_HOME: `${home}/none` }),
    `${home}/.regctl/config.json`,
  );
  strictEqual(await path({ REGCTL_CONFIG: "x.json" }), "x.json");
});

Deno.test("parseRegctlConfig() reads what upstream writes, in any letter case", async () => {
  const config = await parse(`{"HOSTS":{"a.example":{"TLS":"Insecure",
    "credexpire":"1h30m","mirrors":["m"],"apiOpts":{"disableHead":"true"},
    "priority":0,"user":""},
    "https://index.docker.io/v1/":{"user":"hub"},"b":null},
    "hostDefault":{"credExpire":1000000},"incDockerCred":false,"new":{"x":1}} tail`);
  deepStrictEqual([...config.hosts.values()], [
    {
      tls: "insecure",
      credExpireMs: 5_400_000,
      mirrors: ["m"],
      apiOpts: { disableHead: "true" },
      name: "a.example",
    },
    { user: "hub", name: "docker.io" },
    { name: "b" },
  ]);
  deepStrictEqual(configToJson(config), {
    hosts: {
      "a.example": {
        tls: "insecure",
        credExpire: "1h30m0s",
        mirrors: ["m"],
        apiOpts: { disableHead: "true" },
      },
      b: {},
      "docker.io": { user: "hub" },
    },
    hostDefault: { credExpire: "1ms" },
    incDockerCred: false,
    new: { x: 1 },
  });
});

Deno.test("parseRegctlConfig() names the place of what is wrong", async () => {
  const cases: [string, RegExp][] = [
    ["{", /^c\.json:1:2: /],
    ['{"hosts":[]}', /^c\.json:1:10: hosts: expected an object/],
    ['{\n"version":2}', /^c\.json:2:11: version: unsupported config version 2/],
    [
      '{"hosts":{"a.b":{"tls":"x"}}}',
      /hosts\.a\.b\.tls: unknown TLS value "x"$/,
    ],
    [
      '{"hosts":{"a.b":{"priority":-1}}}',
      /^c\.json:1:29: .*expected a whole number, 0 or more, found -1$/,
    ],
    ['{"hosts":{"a":{"credExpire":"1x"}}}', /unknown unit "x"/],
  ];
  for (const [text, message] of cases) {
    await rejects(
      () => parse(text),
      (error: Error & { code?: string }) =>
        error.code === "config" && message.test(error.message),
      text,
    );
  }
});

Deno.test("parseRegctlConfig() takes an empty file for an empty configuration", async () => {
  deepStrictEqual(configToJson(await parse(" \n")), {});
});

Deno.test("saveRegctlConfig() writes upstream's bytes, for its owner alone", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/new/config.json`;
  await saveRegctlConfig({
    path,
    version: 0,
    hosts: new Map([["localhost:5000", {
      name: "localhost:5000",
      regcert: "a<b\n",
      tls: "disabled",
      reqConcurrent: 3,
    }]]),
  });
  strictEqual(
    await Deno.readTextFile(path),
    '{\n  "hosts": {\n    "localhost:5000": {\n      "tls": "disabled",\n' +
      '      "regcert": "a\\u003cb\\n",\n      "reqConcurrent": 3\n    }\n  }\n}',
  );
  const mode = async () => ((await Deno.stat(path)).mode ?? 0) & 0o777;
  strictEqual(await mode(), 0o600);
  await Deno.chmod(path, 0o640);
  await saveRegctlConfig(await loadRegctlConfig(env({ REGCTL_CONFIG: path })));
  strictEqual(await mode(), 0o640);
  strictEqual(
    (await Array.fromAsync(Deno.readDir(`${dir.path}/new`))).length,
    1,
  );
});

Deno.test("loadRegctlConfig() finds none where a file is in the way", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/regctl`, "a program");
  const path = `${dir.path}/regctl/config.json`;
  const config = await loadRegctlConfig(env({ REGCTL_CONFIG: path }));
  strictEqual(config.hosts.size, 0);
});

Deno.test("saveRegctlConfig() leaves nothing behind when it fails", async () => {
  await using dir = await tempDir();
  await Deno.mkdir(`${dir.path}/config.json`);
  await rejects(
    () =>
      saveRegctlConfig({
        path: `${dir.path}/config.json`,
        version: 0,
        hosts: new Map(),
      }),
    { code: "file" },
  );
  strictEqual((await Array.fromAsync(Deno.readDir(dir.path))).length, 1);
});

Deno.test("configWithoutSecrets() covers every host and the default", async () => {
  const secrets = '{"pass":"S1","token":"S2","clientKey":"S3","user":"u"}';
  const config = await parse(
    `{"hosts":{"a":${secrets}},"hostDefault":${secrets},"other":"S4"}`,
  );
  const text = JSON.stringify(configToJson(configWithoutSecrets(config)));
  strictEqual(text, '{"hosts":{"a":{"user":"u"}},"hostDefault":{"user":"u"}}');
});

Deno.test("saveRegctlConfig() keeps what only newer versions know", async () => {
  const file = { hosts: { a: { user: "u", newer: [1] } }, newest: true };
  const config = await parseRegctlConfig(JSON.stringify(file), "x");
  deepStrictEqual(configToJson(config), file);
  deepStrictEqual(configToJson(configWithoutSecrets(config)), {
    hosts: { a: { user: "u" } },
  });
});

Deno.test("saveRegctlConfig() writes to where a link leads", async () => {
  await using dir = await tempDir();
  const [path, link] = [`${dir.path}/real.json`, `${dir.path}/link.json`];
  await Deno.writeTextFile(path, "{}");
  await Deno.symlink("real.json", link);
  await saveRegctlConfig({ path: link, version: 1, hosts: new Map() });
  strictEqual((await Deno.lstat(link)).isSymlink, true);
  strictEqual(await Deno.readTextFile(path), '{\n  "version": 1\n}');
});
