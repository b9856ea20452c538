import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Log } from "../../src/base/log.ts";
import {
  dockerHosts,
  dockerStore,
  withDockerCerts,
} from "../../src/config/docker.ts";
import { tempDir } from "../support/temp.ts";

function setUp(variables: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  const log = new Log(
    4,
    ({ message, attributes }) =>
      lines.push(`${message} ${JSON.stringify(attributes)}`),
  );
  return { env: (name: string) => variables[name], log, lines };
}

const inline = (config: object) => {
  const { env, log } = setUp({ DOCKER_AUTH_CONFIG: JSON.stringify(config) });
  return dockerHosts(env, {
    log,
    list: () =>
      Promise.resolve(
        new Map([["https://listed.example", "u"], [
          "x.example/access-token",
          "t",
        ]]),
      ),
  });
};

Deno.test("dockerHosts() reads logins in all forms and drops what is incomplete", async () => {
  const hosts = await inline({
    auths: {
      "a.example": { auth: btoa("user:pass:word\0\0") },
      "b.example": { username: "u", password: "p", identitytoken: "t" },
      "c.example": { identitytoken: "only" },
      "https://index.docker.io/v1/": { auth: btoa("hub:pw") },
      "path.example/team": { auth: btoa("u:p") },
      "empty.example": {},
      "half.example": { username: "u" },
      "bad.example": { auth: "%%%" },
      "odd.example": "text",
    },
  });
  deepStrictEqual(
    hosts.map(({ name, user, pass, token }) => [name, user, pass, token]),
    [
      ["a.example", "user", "pass:word", undefined],
      ["b.example", "u", "p", "t"],
      ["c.example", undefined, undefined, "only"],
      ["docker.io", "hub", "pw", undefined],
    ],
  );
});

Deno.test("dockerHosts() reads helpers of single hosts, then the store's list", async () => {
  const hosts = await inline({
    auths: { "a.example": {} },
    credHelpers: { "a.example": "one", "b.example": "two" },
    credsStore: "desk",
  });
  deepStrictEqual(
    hosts.map(({ name, user, credHelper }) => [name, user, credHelper]),
    [
      ["a.example", undefined, "docker-credential-one"],
      ["b.example", undefined, "docker-credential-two"],
      ["listed.example", "u", "docker-credential-desk"],
    ],
  );
});

Deno.test("dockerHosts() reads auth.json, then config.json, then the variable", async () => {
  await using dir = await tempDir();
  const login = (user: string) =>
    JSON.stringify({ auths: { "r.example": { auth: btoa(`${user}:p`) } } });
  await Deno.writeTextFile(`${dir.path}/auth.json`, login("podman"));
  await Deno.mkdir(`${dir.path}/home/.docker`, { recursive: true });
  await Deno.writeTextFile(
    `${dir.path}/home/.docker/config.json`,
    login("docker"),
  );
  const { env } = setUp({
    REGISTRY_AUTH_FILE: `${dir.path}/auth.json`,
    HOME: `${dir.path}/home`,
    USERPROFILE: `${dir.path}/home`,
    DOCKER_AUTH_CONFIG: login("inline"),
  });
  deepStrictEqual((await dockerHosts(env)).map(({ user }) => user), [
    "podman",
    "docker",
    "inline",
  ]);
});

Deno.test("dockerHosts() warns of a file it cannot read, without its content", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/config.json`, '{"auths": SECRET');
  const { env, log, lines } = setUp({ DOCKER_CONFIG: dir.path });
  deepStrictEqual(await dockerHosts(env, { log }), []);
  strictEqual(lines.length, 1);
  strictEqual(/SECRET/.test(lines[0] ?? ""), false);
  strictEqual(/config\.json:1:11: unexpected/.test(lines[0] ?? ""), true);
  const nothing = setUp({ DOCKER_CONFIG: `${dir.path}/none` });
  deepStrictEqual(await dockerHosts(nothing.env, nothing), []);
  deepStrictEqual(nothing.lines, []);
});

const PEM = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";

Deno.test("withDockerCerts() adds roots and the client's pair of a host", async () => {
  await using dir = await tempDir();
  const folder = `${dir.path}/r.example:5000`;
  await Deno.mkdir(folder);
  for (
    const [name, text] of [
      ["b.crt", `${PEM}b`],
      ["a.crt", PEM],
      ["client.cert", "C"],
      ["client.key", "K"],
      ["lone.cert", "L"],
    ]
  ) {
    await Deno.writeTextFile(`${folder}/${name}`, text ?? "");
  }
  const options = { folders: [dir.path] };
  const host = await withDockerCerts({
    name: "x",
    hostname: "r.example:5000",
    regcert: "mine",
  }, options);
  deepStrictEqual(host, {
    name: "x",
    hostname: "r.example:5000",
    regcert: `mine\n${PEM}\n${PEM}b`,
    clientCert: "C",
    clientKey: "K",
  });
  const own = { name: "r.example:5000", clientCert: "mine", clientKey: "mine" };
  strictEqual((await withDockerCerts(own, options)).clientCert, "mine");
});

Deno.test("withDockerCerts() never leaves its folder, and warns of what is no certificate", async () => {
  await using dir = await tempDir();
  await Deno.mkdir(`${dir.path}/certs/bad.example`, { recursive: true });
  await Deno.writeTextFile(`${dir.path}/outside.crt`, PEM);
  await Deno.writeTextFile(`${dir.path}/certs/bad.example/x.crt`, "no PEM");
  const folders = [`${dir.path}/certs`];
  for (const hostname of ["..", "../", "a/../..", "."]) {
    const host = { name: "x", hostname };
    deepStrictEqual(await withDockerCerts(host, { folders }), host);
  }
  const { log, lines } = setUp({});
  const bad = { name: "bad.example" };
  deepStrictEqual(await withDockerCerts(bad, { folders, log }), bad);
  strictEqual(lines.length, 1);
});

Deno.test("dockerStore() names the program of the strongest file that has one", async () => {
  await using dir = await tempDir();
  const store = (name?: string) => {
    const inline = name && JSON.stringify({ credsStore: name });
    return dockerStore(
      setUp({
        DOCKER_CONFIG: dir.path,
        ...inline ? { DOCKER_AUTH_CONFIG: inline } : {},
      }).env,
    );
  };
  strictEqual(await store(), undefined);
  await Deno.writeTextFile(`${dir.path}/config.json`, '{"credsStore":"pass"}');
  strictEqual(await store(), "docker-credential-pass");
  strictEqual(await store("other"), "docker-credential-other");
  await Deno.writeTextFile(`${dir.path}/config.json`, "{");
  strictEqual(await store(), undefined);
});
