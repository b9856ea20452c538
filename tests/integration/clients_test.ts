/** The embedded registry as other people's programs see it. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import type { Digest } from "../../src/registry/core.ts";
import {
  authenticator,
  openFolder,
  openHtpasswd,
  type ServeOptions,
  type ServerTls,
  startServer,
} from "../../src/serve/mod.ts";
import { image, multiPlatform, writeLayout } from "../support/images.ts";
import { peer, type PeerName, peerTest } from "../support/peers.ts";
import { mustRun, run } from "../support/process.ts";
import { tempDir } from "../support/temp.ts";

const IMAGE = await image({ layerSize: 100_000 });
const INDEX = await multiPlatform(2, { layerSize: 100_000 });
const USER = "ann";
const PASSWORD = "se:cret";

/** A server, a layout with both images, and a place for each client's files. */
interface World extends AsyncDisposable {
  readonly host: string;
  readonly layout: string;
  readonly path: string;
  /** What keeps a client's files out of the home folder. */
  readonly env: Readonly<Record<string, string>>;
}

async function world(options: ServeOptions = {}): Promise<World> {
  const dir = await tempDir();
  const storage = await openFolder(join(dir.path, "root"));
  const server = await startServer(storage, options);
  await writeLayout(join(dir.path, "image"), IMAGE, "v1");
  await writeLayout(join(dir.path, "index"), INDEX, "v1");
  const home = join(dir.path, "home");
  await Deno.mkdir(home);
  await Deno.writeTextFile(join(home, "config.json"), "{}");
  return {
    host: server.address,
    layout: dir.path,
    path: dir.path,
    env: {
      HOME: home,
      DOCKER_CONFIG: home,
      XDG_RUNTIME_DIR: home,
      REGISTRY_AUTH_FILE: join(home, "config.json"),
      REGCTL_CONFIG: join(home, "regctl.json"),
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await storage[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

/** How a client pushes a layout's tag, and pulls it into another layout. */
interface Client {
  readonly peer: PeerName;
  push(world: World, from: string, name: string): readonly string[];
  pull(world: World, name: string, to: string): readonly string[];
}

const CLIENTS: readonly Client[] = [
  {
    peer: "regctl",
    push: ({ host }, from, name) => [
      `--host=reg=${host},tls=disabled`,
      "image",
      "copy",
      `ocidir://${from}:v1`,
      `${host}/${name}:v1`,
    ],
    pull: ({ host }, name, to) => [
      `--host=reg=${host},tls=disabled`,
      "image",
      "copy",
      `${host}/${name}:v1`,
      `ocidir://${to}:v1`,
    ],
  },
  {
    peer: "crane",
    push: ({ host }, from, name) => ["push", from, `${host}/${name}:v1`],
    pull: ({ host }, name, to) => [
      "pull",
      "--format=oci",
      `${host}/${name}:v1`,
      to,
    ],
  },
  {
    peer: "skopeo",
    push: ({ host }, from, name) => [
      "copy",
      "--all",
      "--preserve-digests",
      "--dest-tls-verify=false",
      `oci:${from}:v1`,
      `docker://${host}/${name}:v1`,
    ],
    pull: ({ host }, name, to) => [
      "copy",
      "--all",
      "--preserve-digests",
      "--src-tls-verify=false",
      `docker://${host}/${name}:v1`,
      `oci:${to}:v1`,
    ],
  },
  {
    peer: "oras",
    push: ({ host }, from, name) => [
      "cp",
      "--from-oci-layout",
      `${from}:v1`,
      "--to-plain-http",
      `${host}/${name}:v1`,
    ],
    pull: ({ host }, name, to) => [
      "cp",
      "--from-plain-http",
      `${host}/${name}:v1`,
      "--to-oci-layout",
      `${to}:v1`,
    ],
  },
];

async function served(world: World, name: string): Promise<string | null> {
  const response = await fetch(`http://${world.host}/v2/${name}/manifests/v1`, {
    method: "HEAD",
  });
  return response.headers.get("docker-content-digest");
}

async function pulled(path: string): Promise<Digest[]> {
  const { manifests } = JSON.parse(
    await Deno.readTextFile(join(path, "index.json")),
  );
  return manifests.map((row: { digest: Digest }) => row.digest);
}

for (const client of CLIENTS) {
  for (const [what, graph] of [["image", IMAGE], ["index", INDEX]] as const) {
    peerTest(`${client.peer} pushes and pulls an ${what}, digests equal`, [
      client.peer,
    ], async () => {
      await using at = await world();
      const name = `team/${client.peer}/${what}`;
      const { env } = at;
      const tool = peer(client.peer);
      await mustRun(tool, client.push(at, join(at.layout, what), name), {
        env,
      });
      strictEqual(await served(at, name), graph.root.digest);
      const to = join(at.path, "pulled");
      await mustRun(tool, client.pull(at, name, to), { env });
      // Some of them give the images of an index rows of their own as well.
      strictEqual((await pulled(to))[0], graph.root.digest);
      for (
        const { descriptor, bytes } of [...graph.blobs, ...graph.manifests]
      ) {
        const file = join(to, "blobs", ...descriptor.digest.split(":"));
        deepStrictEqual(await Deno.readFile(file), bytes);
      }
    });
  }
}

for (const engine of ["podman", "buildah"] as const) {
  peerTest(`${engine} pulls an image and pushes it, config equal`, [
    engine,
    "crane",
  ], async () => {
    await using at = await world();
    const { env, host } = at;
    const crane = peer("crane");
    const source = `${host}/app:v1`;
    await mustRun(crane, ["push", join(at.layout, "image"), source], { env });
    const storage = [
      `--root=${at.path}/store`,
      `--runroot=${at.path}/run`,
      "--storage-driver=vfs",
    ];
    const tool = peer(engine);
    const insecure = "--tls-verify=false";
    await mustRun(tool, [...storage, "pull", insecure, source], { env });
    const target = `${host}/${engine}/app:v1`;
    await mustRun(
      tool,
      [...storage, "push", insecure, source, `docker://${target}`],
      { env },
    );
    strictEqual(
      await mustRun(crane, ["config", target], { env }),
      await mustRun(crane, ["config", source], { env }),
    );
  });
}

/** A server that asks for a password, to push at least. */
async function guarded(anonymousPull: boolean): Promise<World> {
  await using dir = await tempDir();
  const file = join(dir.path, "users");
  await Deno.writeTextFile(file, `${USER}:${hashSync(PASSWORD, 4)}\n`);
  const passwords = await openHtpasswd(file);
  return await world({
    authenticate: authenticator(passwords, { anonymousPull }),
  });
}

/** Makes a client know the password. */
const LOGINS: readonly {
  readonly peer: PeerName;
  readonly login: (world: World) => readonly string[];
}[] = [
  {
    peer: "crane",
    login: (
      { host },
    ) => ["auth", "login", host, `-u=${USER}`, `-p=${PASSWORD}`],
  },
  {
    peer: "skopeo",
    login: ({ host, env }) => [
      "login",
      "--tls-verify=false",
      `--authfile=${env["HOME"]}/.docker/config.json`,
      `--username=${USER}`,
      `--password=${PASSWORD}`,
      host,
    ],
  },
  {
    peer: "oras",
    login: ({ host }) => [
      "login",
      "--plain-http",
      `--username=${USER}`,
      `--password=${PASSWORD}`,
      host,
    ],
  },
  {
    peer: "regctl",
    login: ({ host }) => [
      "registry",
      "login",
      host,
      "--user",
      USER,
      "--pass",
      PASSWORD,
    ],
  },
];

for (const anonymousPull of [false, true]) {
  const how = anonymousPull ? "tokens" : "passwords";
  for (const { peer: name, login } of LOGINS) {
    const client = CLIENTS.find((one) => one.peer === name)!;

    peerTest(`${name} gets in by ${how}, and only so`, [name], async () => {
      await using at = await guarded(anonymousPull);
      // Where each of them looks for passwords.
      const docker = join(at.env["HOME"] ?? "", ".docker");
      await Deno.mkdir(docker);
      const env = {
        ...at.env,
        DOCKER_CONFIG: docker,
        REGISTRY_AUTH_FILE: join(docker, "config.json"),
      };
      const tool = peer(name);
      const push = client.push(at, join(at.layout, "image"), "app");
      strictEqual((await run(tool, push, { env })).code === 0, false);
      if (name === "regctl") {
        const tls = ["registry", "set", "--tls=disabled", at.host];
        // It tries the registry too, which it cannot yet enter.
        await run(tool, tls, { env });
      }
      await mustRun(tool, login(at), { env });
      await mustRun(tool, push, { env });
      // Somebody else, who has another home.
      const pull = client.pull(at, "app", join(at.path, "pulled"));
      const stranger = {
        HOME: at.path,
        DOCKER_CONFIG: at.path,
        XDG_RUNTIME_DIR: at.path,
        REGISTRY_AUTH_FILE: join(at.env["HOME"] ?? "", "config.json"),
        REGCTL_CONFIG: join(at.path, "none.json"),
      };
      const { code } = await run(tool, pull, { env: stranger });
      strictEqual(code === 0, anonymousPull);
    });
  }
}

/** A certificate for the loopback that vouches for itself. */
async function certificate(cwd: string): Promise<ServerTls> {
  await mustRun(peer("openssl"), [
    "req",
    "-x509",
    "-nodes",
    ...["-newkey", "ec"],
    ...["-pkeyopt", "ec_paramgen_curve:P-256"],
    ...["-keyout", "key.pem"],
    ...["-out", "cert.pem"],
    ...["-subj", "/CN=localhost"],
    ...["-addext", "subjectAltName=IP:127.0.0.1"],
    ...["-days", "2"],
  ], { cwd });
  return {
    cert: await Deno.readTextFile(join(cwd, "cert.pem")),
    key: await Deno.readTextFile(join(cwd, "key.pem")),
  };
}

peerTest(
  "crane pushes and pulls over https",
  ["crane", "openssl"],
  async () => {
    await using dir = await tempDir();
    const tls = await certificate(dir.path);
    await using at = await world({ tls });
    const name = `${at.host}/app:v1`;
    const push = ["push", join(at.layout, "image"), name];
    strictEqual((await run(peer("crane"), push, at)).code === 0, false);
    const env = { ...at.env, SSL_CERT_FILE: join(dir.path, "cert.pem") };
    await mustRun(peer("crane"), push, { env });
    const digest = await mustRun(peer("crane"), ["digest", name], { env });
    strictEqual(digest.trim(), IMAGE.root.digest);
  },
);
