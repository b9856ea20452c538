/**
 * regsync between two registries of its own, S and T.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { regsync } from "../../src/cmd/regsync/mod.ts";
import type { Graph } from "./images.ts";
import { artifact, image, index, multiPlatform, pushGraph } from "./images.ts";
import { cli, type CliOptions, type CliResult } from "./cli.ts";
import { startRegistry, type TestRegistry } from "./registry.ts";
import { tempDir } from "./temp.ts";

/** What regsync said, with its log lines taken apart. */
export interface SyncResult extends CliResult {
  /** The messages of a level in order, `S` and `T` for the registries. */
  messages(level?: string): readonly string[];
  /** The lines of the log, `S` and `T` for the registries, without times. */
  readonly lines: readonly string[];
  /** What is printed beside the log. */
  readonly rest: string;
}

/** Two registries, a folder, and regsync. */
export interface SyncBench extends AsyncDisposable {
  /** The source. */
  readonly S: TestRegistry;
  /** The target. */
  readonly T: TestRegistry;
  /** The names of the two in references. */
  readonly hosts: { readonly S: string; readonly T: string };
  /** A folder. */
  readonly dir: string;
  /** The fixture's images by tag. */
  readonly images: Readonly<Record<string, Graph>>;
  /**
   * Runs a command with a file. `S/` and `T/` in it stand for the registries,
   * `$DIR` for the folder; the credentials are added.
   */
  run(
    command: string,
    yaml: string,
    options?: CliOptions & { readonly creds?: string },
  ): Promise<SyncResult>;
  /** The file as a command reads it. */
  file(yaml: string, creds?: string): Promise<string>;
  /** The digest of a tag at the target; empty where there is none. */
  digest(name: string): Promise<string>;
  /** Pushes an image to the source as `test/repo:TAG`, or elsewhere. */
  push(graph: Graph, tag: string, repository?: string): Promise<void>;
}

/** The fixture of the reference: indexes, artifacts that refer to one, a child. */
async function fixture(): Promise<Record<string, Graph>> {
  const [v1, v2, v3, b1] = await Promise.all(
    [1, 2, 3, 4].map((seed) => multiPlatform(2, { seed, layerSize: 256 })),
  );
  if (!v1 || !v2 || !v3 || !b1) throw new Error("no images");
  const unknown = await image({
    seed: 9,
    layerSize: 64,
    platform: { os: "unknown", architecture: "unknown" },
  });
  const [amd64, arm64] = await Promise.all(
    ["amd64", "arm64"].map((architecture, i) =>
      image({
        seed: 100 + i,
        layerSize: 256,
        platform: { os: "linux", architecture },
      })
    ),
  );
  if (!amd64 || !arm64) throw new Error("no images");
  const attested = index([amd64, arm64, unknown]);
  const subject = v2.root;
  return {
    v1: attested,
    v2,
    v3,
    b1,
    child: amd64,
    a1: artifact({ subject, artifactType: "application/example.sbom" }),
    a2: artifact({
      subject,
      artifactType: "application/example.signature",
      annotations: { "org.example.sig": "yes" },
    }),
  };
}

/** Options for {@linkcode syncBench}. */
export interface SyncBenchOptions {
  /** The tags of the fixture to push to the source. @default {all} */
  readonly tags?: readonly string[];
}

/** Starts two registries; the fixture is at the source. */
export async function syncBench(
  options: SyncBenchOptions = {},
): Promise<SyncBench> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await tempDir());
  const S = stack.use(startRegistry());
  const T = stack.use(startRegistry());
  const hosts = { S: new URL(S.url).host, T: new URL(T.url).host };
  const images = await fixture();
  const push = async (graph: Graph, tag: string, repository = "test/repo") => {
    await pushGraph(new URL(S.url).origin, repository, graph, [tag]);
  };
  for (const tag of options.tags ?? Object.keys(images)) {
    const graph = images[tag];
    if (graph) await push(graph, tag);
  }
  S.take();
  const file = async (yaml: string, creds = "") => {
    const text = yaml
      .replaceAll(/\bS\//g, `${hosts.S}/`)
      .replaceAll(/\bT\//g, `${hosts.T}/`)
      .replaceAll(/: S$/gm, `: ${hosts.S}`)
      .replaceAll("$DIR", path);
    const file = `${path}/${crypto.randomUUID()}.yml`;
    await Deno.writeTextFile(
      file,
      `creds:\n- {registry: "${hosts.S}", tls: disabled}\n` +
        `- {registry: "${hosts.T}", tls: disabled}\n${creds}${text}`,
    );
    return file;
  };
  const kept = stack.move();
  return {
    S,
    T,
    hosts,
    dir: path,
    images,
    push,
    file,
    async run(command, yaml, options = {}) {
      const [name = "", ...flags] = command.split(" ");
      const argv = [
        name,
        "-c",
        await file(yaml, options.creds),
        ...flags,
      ];
      const result = await cli(regsync, argv, {
        ...options,
        env: { HOME: path, ...options.env },
      });
      return described(result, hosts);
    },
    async digest(name) {
      const [repository = "", tag = ""] = name.split(":");
      const response = await fetch(
        `${new URL(T.url).origin}/v2/${repository}/manifests/${tag}`,
        {
          method: "HEAD",
          headers: { accept: "*/*" },
        },
      );
      T.requests.pop();
      return response.ok
        ? response.headers.get("docker-content-digest") ?? ""
        : "";
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function described(
  result: CliResult,
  hosts: { readonly S: string; readonly T: string },
): SyncResult {
  const all = result.stderr.replaceAll(hosts.S, "S").replaceAll(hosts.T, "T")
    .split("\n");
  const isLog = (line: string) => /^time=\S+ level=/.test(line);
  const lines = all.filter(isLog).map((line) => line.replace(/^time=\S+ /, ""));
  return {
    ...result,
    lines,
    rest: all.filter((line) => !isLog(line)).join("\n").trim(),
    messages: (level = "INFO") =>
      lines.filter((line) => line.startsWith(`level=${level} `))
        .map((line) => line.replace(/^level=\S+ msg=/, "")),
  };
}

/** Fails unless a command ended with a status and logged these lines of a level. */
export function assertSaid(
  result: SyncResult,
  expected: {
    readonly exit: number;
    readonly info?: readonly string[];
    readonly error?: readonly RegExp[];
  },
): void {
  strictEqual(result.exit, expected.exit, result.stderr);
  if (expected.info) {
    const info = result.messages().filter((line) =>
      !line.startsWith('"Sync finished"')
    );
    deepStrictEqual(info.toSorted(), expected.info.toSorted());
  }
  for (const [at, pattern] of (expected.error ?? []).entries()) {
    const line = result.messages("ERROR")[at] ?? "";
    strictEqual(pattern.test(line), true, `${pattern}: ${line}`);
  }
}

/** Waits until something holds; fails after ten seconds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + 10_000;
  while (!await holds()) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/**
 * The example of the early documentation, without the line `creds:` where it
 * follows other entries of that list.
 */
export function earlyFile(): string {
  return `- registry: localhost:5000
  tls: disabled
  scheme: http
- registry: docker.io
  user: "{{env \\"HUB_USER\\"}}"
  pass: "{{file \\"/var/run/secrets/hub_token\\"}}"
x-sched-a: &sched-a "15 01 * * *"
version: 1
defaults:
  ratelimit:
    min: 100
    retry: 15m
  parallel: 2
sync:
  - source: busybox:latest
    target: localhost:5000/library/busybox:latest
    type: image
    interval: 60m
    backup: "backup-{{.Ref.Tag}}"
  - source: alpine
    target: localhost:5000/library/alpine
    type: repository
    tags:
      allow:
      - "latest"
      - "edge"
      - "3"
      - "3.\\\\d+"
      deny:
      - "3.0"
    schedule: *sched-a
    backup: "{{$t := time.Now}}{{printf \\"%s/backups/%s:%s-%d%d%d\\" .Ref.Registry .Ref.Repository .Ref.Tag $t.Year $t.Month $t.Day}}"
`;
}
