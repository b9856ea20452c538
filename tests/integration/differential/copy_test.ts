/** What our copies leave on a registry, beside what other tools leave there. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  artifact,
  type Graph,
  image,
  index,
  multiPlatform,
  PLATFORMS,
  pushGraph,
} from "../../support/images.ts";
import { peer, type PeerName, peerTest } from "../../support/peers.ts";
import { mustRun, start } from "../../support/process.ts";
import { ours, program, programEnv } from "../../support/program.ts";
import {
  type RealRegistry,
  type RegistryKind,
  startRegistry,
} from "../../support/registries.ts";
import { registryState } from "../../support/snapshot.ts";
import { tcpProxy } from "../../support/tcp_proxy.ts";
import { type TempDir, tempDir } from "../../support/temp.ts";

/** A source and a target of different make. */
const PAIRS: readonly (readonly [RegistryKind, RegistryKind])[] = [
  ["distribution", "docker-registry"],
  ["docker-registry", "distribution"],
];

type Peer = PeerName & ("regctl" | "crane" | "skopeo");

/** An image of each kind, and the tools that can copy it whole. */
async function kinds(): Promise<
  readonly (readonly [name: string, graph: Graph, peers: readonly Peer[]])[]
> {
  const all: readonly Peer[] = ["regctl", "crane", "skopeo"];
  const four = await multiPlatform(4);
  const docker = await multiPlatform(4, { family: "docker", seed: 2 });
  return [
    ["an OCI image", await image(), all],
    ["a Docker image", await image({ family: "docker" }), all],
    ["an OCI index of four platforms", four, all],
    ["a Docker list of four platforms", docker, all],
    ["an artifact with a subject", artifact({ subject: four.root }), [
      "regctl",
      "crane",
    ]],
    // skopeo refuses an index in an index
    ["a nested index", index([four, await image({ seed: 9 })]), [
      "regctl",
      "crane",
    ]],
    ["an index without platforms", plainIndex(four), ["regctl", "crane"]],
  ];
}

function plainIndex(graph: Graph): Graph {
  const children = graph.manifests.slice(0, PLATFORMS.length).map((made) => ({
    root: made.descriptor,
    manifests: [made],
    blobs: [],
  }));
  return { ...index(children), blobs: graph.blobs };
}

/** A folder with the files that the tools want; HOME for all of them. */
async function home(...hosts: string[]): Promise<TempDir> {
  const dir = await tempDir();
  await Deno.mkdir(`${dir.path}/.regctl`);
  await Deno.writeTextFile(
    `${dir.path}/.regctl/config.json`,
    JSON.stringify({
      hosts: Object.fromEntries(
        hosts.map((host) => [host, { tls: "disabled" }]),
      ),
    }),
  );
  await Deno.writeTextFile(
    `${dir.path}/policy.json`,
    `{"default":[{"type":"insecureAcceptAnything"}]}`,
  );
  return dir;
}

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly home: string;
}

/** Copies an image with one of the other tools. */
async function copyWith(tool: Peer, copy: Copy): Promise<void> {
  const { from, to, home } = copy;
  const args = {
    regctl: ["image", "copy", from, to],
    crane: ["copy", "--insecure", from, to],
    skopeo: [
      "--policy",
      `${home}/policy.json`,
      "copy",
      "--all",
      "--preserve-digests",
      "--src-tls-verify=false",
      "--dest-tls-verify=false",
      `docker://${from}`,
      `docker://${to}`,
    ],
  }[tool];
  await mustRun(peer(tool), args, { env: { HOME: home } });
}

async function copyWithOurs(copy: Copy, ...flags: string[]): Promise<void> {
  const { code, stderr } = await ours(
    "regctl",
    ["image", "copy", ...flags, copy.from, copy.to],
    { env: { HOME: copy.home } },
  );
  strictEqual(code, 0, stderr);
}

/** What a copy leaves on the target, which is empty before and after. */
async function left(
  target: RealRegistry,
  copying: () => Promise<void>,
): Promise<Record<string, string>> {
  await copying();
  const state = await registryState(target.storage);
  await Deno.remove(target.storage, { recursive: true });
  return state;
}

for (const [from, to] of PAIRS) {
  peerTest(`a copy from ${from} to ${to} leaves what other tools leave`, [
    "distribution",
    "docker-registry",
    "regctl",
    "crane",
    "skopeo",
  ], async (t) => {
    await using source = await startRegistry(from);
    await using target = await startRegistry(to);
    await using dir = await home(source.host, target.host);
    for (const [at, [name, graph, peers]] of (await kinds()).entries()) {
      const repository = `kind/k${at}`;
      await pushGraph(source.url, repository, graph, ["v1"]);
      const copy = {
        from: `${source.host}/${repository}:v1`,
        to: `${target.host}/copied/k${at}:v1`,
        home: dir.path,
      };
      const mine = await left(target, () => copyWithOurs(copy));
      for (const tool of peers) {
        await t.step(`${name}: ${tool}`, async () => {
          deepStrictEqual(mine, await left(target, () => copyWith(tool, copy)));
        });
      }
    }
  });

  peerTest(
    `a copy from ${from} to ${to} that was made before takes two requests`,
    [
      "distribution",
      "docker-registry",
    ],
    async () => {
      await using source = await startRegistry(from);
      await using target = await startRegistry(to);
      await using dir = await home(source.host, target.host);
      await pushGraph(source.url, "app", await multiPlatform(4), ["v1"]);
      const copy = {
        from: `${source.host}/app:v1`,
        to: `${target.host}/app:v1`,
        home: dir.path,
      };
      await copyWithOurs(copy);
      const before = [await source.requests(), await target.requests()];
      await copyWithOurs(copy);
      const after = [await source.requests(), await target.requests()];
      const added = after.map((now, at) =>
        now.slice(before[at]?.length).map(({ method, path, status }) =>
          `${method} ${path} ${status}`
        )
      );
      deepStrictEqual(added, [
        ["HEAD /v2/app/manifests/v1 200"],
        ["HEAD /v2/app/manifests/v1 200"],
      ]);
    },
  );

  peerTest(`a copy from ${from} to ${to} asks for no more than regctl`, [
    "distribution",
    "docker-registry",
    "regctl",
  ], async (t) => {
    await using source = await startRegistry(from);
    await using target = await startRegistry(to);
    await using dir = await home(source.host, target.host);
    for (const [at, [name, graph]] of (await kinds()).entries()) {
      await pushGraph(source.url, `k${at}`, graph, ["v1"]);
      const count = async (copying: () => Promise<void>) => {
        const before = (await source.requests()).length +
          (await target.requests()).length;
        await left(target, copying);
        return (await source.requests()).length +
          (await target.requests()).length - before;
      };
      const copy = {
        from: `${source.host}/k${at}:v1`,
        to: `${target.host}/k${at}:v1`,
        home: dir.path,
      };
      await t.step(name, async () => {
        const theirs = await count(() => copyWith("regctl", copy));
        const mine = await count(() => copyWithOurs(copy));
        ok(mine <= theirs, `${mine} requests; regctl makes ${theirs}`);
      });
    }
  });

  peerTest(
    `a copy from ${from} to ${to} that was killed goes on with what is missing`,
    [
      "distribution",
      "docker-registry",
    ],
    async () => {
      await using source = await startRegistry(from);
      await using target = await startRegistry(to);
      const graph = await image({ layers: 6, layerSize: 512 * 1024 });
      await pushGraph(source.url, "app", graph, ["v1"]);
      // More than four blobs at once can hold, less than all six: when it stalls
      // for ever, some are there and some are not.
      await using proxy = tcpProxy(source.host, {
        fault: {
          way: "down",
          afterBytes: 2_500_000,
          together: true,
          times: Infinity,
          how: "stall",
        },
      });
      await using dir = await home(source.host, target.host, proxy.host);
      const to_ = `${target.host}/app:v1`;
      const [command, ...before] = program("regctl");
      {
        await using copying = start(command, [
          ...before,
          "image",
          "copy",
          `${proxy.host}/app:v1`,
          to_,
          "--host",
          `reg=${proxy.host},tls=disabled`,
        ], { env: { ...programEnv, HOME: dir.path } });
        await Promise.race([proxy.faulted, copying.status]);
        strictEqual(proxy.faults > 0, true, copying.output());
        await target.process.waitFor(/"PUT \S*uploads\S* HTTP\S* 201 /);
        copying.kill("SIGKILL");
        await copying.status;
      }
      const there = Object.keys(await registryState(target.storage)).flatMap(
        (path) => /\/app\/_layers\/sha256\/(\w+)\//.exec(path)?.[1] ?? [],
      );
      ok(there.length > 0 && there.length < graph.blobs.length, `${there}`);
      await copyWithOurs({
        from: `${source.host}/app:v1`,
        to: to_,
        home: dir.path,
      });
      const sent = (await target.requests()).filter(({ method, status }) =>
        method === "PUT" && status === 201
      );
      for (const hex of there) {
        const times = sent.filter(({ path }) => path.includes(hex)).length;
        strictEqual(times, 1, `${hex} was sent again`);
      }
      const state = await registryState(target.storage);
      const tag = "repositories/app/_manifests/tags/v1/current/link";
      strictEqual(state[tag], graph.root.digest);
    },
  );
}
