/**
 * The same files with upstream's regsync and ours against the same source, each
 * with a target of its own: the same content afterwards, the same lines at INFO,
 * the same exit status.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { regsync } from "../../src/cmd/regsync/mod.ts";
import { cli } from "../support/cli.ts";
import {
  artifact,
  type Graph,
  image,
  index,
  multiPlatform,
  pushGraph,
} from "../support/images.ts";
import { peer, peerTest } from "../support/peers.ts";
import { run } from "../support/process.ts";
import {
  type RealRegistry,
  type RegistryKind,
  startRegistry,
} from "../support/registries.ts";
import { registryState } from "../support/snapshot.ts";
import { tempDir } from "../support/temp.ts";

/** One file, run by both. */
interface Case {
  /** What it is about. */
  readonly name: string;
  /** The command and its flags. @default {"once"} */
  readonly command?: string;
  /** Files that are run before, by both. */
  readonly before?: readonly string[];
  /** The file; `S` and `T` stand for the registries. */
  readonly yaml: string;
  /** Our exit status where it differs, and the row of docs/compatibility.md. */
  readonly differs?: { readonly exit: number; readonly row: string };
  /** Lines at INFO are not compared, and why. */
  readonly silent?: string;
}

const REPO = "source: S/test/repo, target: T/t/repo, type: repository";
const image1 = (tag: string, rest = "") =>
  `sync: [{source: 'S/test/repo:${tag}', target: T/t/img:x, type: image${rest}}]`;

const CASES: readonly Case[] = [
  { name: "a whole repository", yaml: `sync: [{${REPO}}]` },
  {
    name: "a repository that is up to date",
    before: [`sync: [{${REPO}}]`],
    yaml: `sync: [{${REPO}}]`,
  },
  { name: "a check", command: "check", yaml: `sync: [{${REPO}}]` },
  {
    name: "only what is missing",
    command: "once --missing",
    before: [`sync: [{${REPO}, tags: {allow: [v1]}}]`],
    yaml: `sync: [{${REPO}, tags: {allow: ["v.*"]}}]`,
  },
  {
    name: "patterns and ranges",
    yaml:
      `sync: [{${REPO}, tagSets: [{allow: ["v.*"], deny: [v2]}, {semverRange: [">=3 <4"]}]}]`,
  },
  { name: "literal tags", yaml: `sync: [{${REPO}, tags: {allow: [v1, zz]}}]` },
  { name: "a star", yaml: `sync: [{${REPO}, tags: {allow: ["*"]}}]` },
  {
    name: "no tag that matches",
    yaml: `sync: [{${REPO}, tags: {allow: ["z+"]}}]`,
  },
  {
    name: "a backup",
    before: [image1("v1")],
    yaml: image1("v2", ", backup: 'old-{{.Ref.Tag}}'"),
  },
  {
    name: "a backup elsewhere",
    before: [image1("a1")],
    yaml: image1(
      "a2",
      ", backup: '{{ .Ref.Registry }}/bk/{{ .Ref.Repository }}:{{ .Step.Type }}'",
    ),
  },
  {
    name: "a backup that cannot be expanded",
    before: [image1("v1")],
    yaml: image1("v2", ", backup: '{{ .Ref.Nope }}'"),
  },
  {
    name: "a backup that cannot be written",
    before: [image1("v1")],
    yaml: image1("v2", ", backup: 'UP PER'"),
  },
  { name: "one platform", yaml: image1("v1", ", platform: linux/arm64") },
  {
    name: "one platform, up to date",
    before: [image1("v1", ", platform: linux/arm64")],
    yaml: image1("v1", ", platform: linux/arm64"),
  },
  {
    name: "a platform that is missing",
    yaml: image1("v1", ", platform: linux/s390x"),
  },
  { name: "other media types", yaml: image1("v1", ", mediaTypes: [a/b]") },
  { name: "an artifact", yaml: image1("a1") },
  { name: "a nested index", yaml: image1("nested") },
  { name: "a Docker list", yaml: image1("docker") },
  { name: "referrers", yaml: image1("v2", ", referrers: true") },
  {
    name: "some referrers",
    yaml: image1(
      "v2",
      ", referrers: true, referrerFilters: [{artifactType: application/example.sbom}]",
    ),
  },
  {
    name: "referrers of an image that is up to date",
    before: [image1("v2")],
    yaml: image1("v2", ", referrers: true"),
  },
  {
    name: "digest tags of an image that is up to date",
    before: [image1("v2")],
    yaml: image1("v2", ", digestTags: true"),
  },
  {
    name: "fastCheck of an image that is up to date",
    before: [image1("v2")],
    yaml: image1("v2", ", digestTags: true, fastCheck: true"),
  },
  {
    name: "forceRecursive",
    before: [image1("v2")],
    yaml: image1("v2", ", forceRecursive: true"),
  },
  {
    name: "a registry",
    yaml:
      'sync: [{source: S, target: T/mirror, type: registry, repos: {allow: ["test/.*"]}, tags: {allow: ["v.*"]}}]',
  },
  {
    name: "steps that fail among others",
    yaml: `sync:
- {source: 'S/test/repo:nope', target: 'T/t/a:1', type: image}
- {source: 'S/UP/repo:v1', target: 'T/t/b:1', type: image}
- {source: S/none, target: T/t/c, type: repository}
- {source: 'S/test/repo:v1', target: 'T/t/d:1', type: bogus}
- {source: S/test/repo, target: T/t/e, type: repository, tags: {allow: ["(a"]}}
- {source: 'S/test/repo:v1', target: 'T/t/f:1', type: image}
`,
  },
  {
    name: "the first failure ends it",
    command: "once --abort-on-error",
    yaml: `sync:
- {source: 'S/test/repo:nope', target: 'T/t/a:1', type: image}
- {source: 'S/test/repo:v1', target: 'T/t/f:1', type: image}
`,
    silent: "ours has looked at the second step before the first one failed",
  },
  {
    name: "steps beside each other",
    yaml: `defaults: {parallel: 3}
sync:
- {source: S/test/repo, target: T/t/a, type: repository, tags: {allow: ["v.*"]}}
- {source: 'S/test/repo:v1', target: 'T/t/b:1', type: image}
- {source: 'S/test/repo:a1', target: 'T/t/c:1', type: image}
`,
  },
  {
    name: "steps that build on each other",
    yaml: `sync:
- {source: 'S/test/repo:v1', target: 'T/t/a:1', type: image}
- {source: 'T/t/a:1', target: 'T/t/b:1', type: image}
- {source: 'S/test/repo:v2', target: 'T/t/a:1', type: image}
`,
  },
  {
    name: "templates, anchors, defaults",
    yaml: `x-a: &a {type: image}
defaults: {backup: old}
sync:
- {<<: *a, source: 'S/test/{{ lower "REPO" }}:v1', target: '{{ .Sync.Type }}.example/x', referrerTarget: x}
`.replace("'{{ .Sync.Type }}.example/x'", "'T/t/{{ .Sync.Type }}:x'"),
  },
];

async function fill(source: RealRegistry): Promise<void> {
  const graphs: [string, Graph][] = [];
  for (const seed of [1, 2, 3]) {
    graphs.push([`v${seed}`, await multiPlatform(2, { seed })]);
  }
  const subject = graphs[1]?.[1].root;
  if (!subject) throw new Error("no image");
  const sbom = "application/example.sbom";
  graphs.push(
    ["a1", artifact({ subject, artifactType: sbom })],
    ["a2", artifact({ subject, artifactType: "application/example.sig" })],
    ["nested", index([await multiPlatform(2, { seed: 8 })])],
    ["docker", await multiPlatform(2, { seed: 9, family: "docker" })],
    [`sha256-${subject.digest.slice(7)}.sig`, await image({ seed: 6 })],
  );
  for (const [tag, graph] of graphs) {
    await pushGraph(source.url, "test/repo", graph, [tag]);
  }
  await pushGraph(source.url, "other", await image({ seed: 7 }), ["x"]);
}

/** The messages of our own: upstream has none of them, or they tell of its library. */
const OWN = /^"?(Sync finished|Progress|Copy layer|Copy config)/;

function infos(stderr: string): string[] {
  return stderr.split("\n")
    .filter((line) => line.includes(" level=INFO "))
    .map((line) => line.replace(/^.* level=INFO msg=/, ""))
    .filter((line) => !OWN.test(line))
    .sort();
}

/** What a registry holds; nothing where nobody ever wrote to it. */
async function stateOf(
  { storage }: RealRegistry,
): Promise<Record<string, string>> {
  try {
    return await registryState(storage);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

function compare(kind: RegistryKind, cases: readonly Case[]): void {
  peerTest(`regsync leaves on ${kind} what upstream leaves`, [
    "regsync",
    kind,
  ], async (t) => {
    await using source = await startRegistry("distribution");
    await using dir = await tempDir();
    await fill(source);
    for (const { name, yaml, before = [], ...one } of cases) {
      await t.step(name, async () => {
        // A new one each time: registries remember what they hold.
        await using theirs = await startRegistry(kind);
        await using ours = await startRegistry(kind);
        const prepare = async (target: RealRegistry, text: string) => {
          const path = `${dir.path}/${crypto.randomUUID()}.yml`;
          const file = text.replaceAll(/\bS(?=[/,])/g, source.host)
            .replaceAll(/\bT(?=[/,])/g, target.host);
          await Deno.writeTextFile(
            path,
            `creds:\n- {registry: "${source.host}", tls: disabled}\n- {registry: "${target.host}", tls: disabled}\n${file}`,
          );
          return path;
        };
        const { command = "once" } = one;
        const [verb = "", ...flags] = command.split(" ");
        const said = (text: string, target: RealRegistry) =>
          text.replaceAll(source.host, "S").replaceAll(target.host, "T");
        const upstream = async (text: string, words: readonly string[]) =>
          await run(
            peer("regsync"),
            [...words, "-c", await prepare(theirs, text)],
            { env: { HOME: dir.path }, clearEnv: true },
          );
        const own = async (text: string, words: readonly string[]) =>
          await cli(regsync, [...words, "-c", await prepare(ours, text)], {
            env: { HOME: dir.path },
          });
        for (const text of before) {
          strictEqual((await upstream(text, ["once"])).code, 0);
          strictEqual((await own(text, ["once"])).exit, 0);
        }
        const wanted = await upstream(yaml, [verb, ...flags]);
        const got = await own(yaml, [verb, ...flags]);
        strictEqual(
          got.exit,
          one.differs?.exit ?? wanted.code,
          `${wanted.stderr}\n---\n${got.stderr}`,
        );
        if (one.silent === undefined) {
          deepStrictEqual(
            infos(said(got.stderr, ours)),
            infos(said(wanted.stderr, theirs)),
          );
        }
        const [left, expected] = await Promise.all([
          stateOf(ours),
          stateOf(theirs),
        ]);
        deepStrictEqual(left, expected);
        if (verb === "once" && wanted.code === 0 && !/z\+|a\/b/.test(yaml)) {
          ok(Object.keys(left).length > 0, "nothing was copied");
        }
      });
    }
  });
}

compare("distribution", CASES);
// What differs between registries is how content is stored, not what is decided.
const CONTENT =
  /whole|backup elsewhere|artifact|nested|Docker|referrers|digest/;
compare("docker-registry", CASES.filter(({ name }) => CONTENT.test(name)));
