/** Help: every command says what it is for, and its examples work. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { type CommandNode, isGroup, type Node } from "../../src/cli/command.ts";
import { parse } from "../../src/cli/parse.ts";
import { withCompletion } from "../../src/cli/completion.ts";
import { TOOLS } from "../../src/main.ts";
import { type PageWorld, pageWorld } from "../support/page_world.ts";
import { peerTest } from "../support/peers.ts";

/** A command and its words, such as `regctl tag ls`. */
interface Command {
  readonly name: string;
  readonly node: CommandNode;
}

async function walk(node: Node, before: string): Promise<Command[]> {
  const name = `${before} ${node.name}`.trim();
  if (node.hidden) return [];
  if (!isGroup(node)) return [{ name, node }];
  const below = await node.load();
  return (await Promise.all(below.map((child) => walk(child, name)))).flat();
}

async function commands(): Promise<Command[]> {
  const tools = await Promise.all(
    Object.values(TOOLS).map(async ({ load }) => withCompletion(await load())),
  );
  return (await Promise.all(tools.map((tool) => walk(tool, "")))).flat();
}

const ALL = await commands();

Deno.test("every command has a line, a paragraph and an example of itself", () => {
  const lacking = ALL.flatMap(({ name, node }) => {
    const { summary, description = "", examples = [] } = node;
    return [
      summary === "" || summary.includes("\n") ? `${name}: one line` : [],
      description === "" || description === summary ? `${name}: paragraph` : [],
      examples.some(({ line }) => line.includes(name))
        ? []
        : `${name}: example of itself`,
    ].flat();
  });
  deepStrictEqual(lacking, []);
});

/** What is there before an example, beside the registries: commands that make it. */
const BEFORE: readonly (readonly [pattern: RegExp, script: string])[] = [
  [/ < text\.txt/, "echo text > text.txt"],
  [/ < spdx\.json/, "echo '{}' > spdx.json"],
  [/ < layer\.tgz/, "tar -czf layer.tgz token.txt"],
  [
    / < manifest\.json/,
    "regctl manifest get --format raw-body registry.example.org/repo:v1 > manifest.json",
  ],
  [
    / image-v1\.tar/,
    "regctl image export registry.example.org/repo:v1 > image-v1.tar",
  ],
  [
    /import .* images\.tar/,
    "regctl image export --file images.tar registry.example.org/repo:v1 registry.example.org/repo:v2",
  ],
  [/reg-ca\.crt/, 'cp "$SSL_CERT_FILE" reg-ca.crt'],
  [/--htpasswd users/, "touch users"],
  [/\$token.*\$user/, "token=secret user=me"],
  [
    /registry whoami/,
    "regctl registry login --skip-check -u me -p secret docker.io",
  ],
  [
    /registry set localhost:5000/,
    `trap 'kill %1' EXIT
regctl serve --memory --addr localhost:5000 > serve.log &
until grep -q Listening serve.log; do sleep 0.05; done`,
  ],
  [
    /-c regsync\.yml/,
    `cat > regsync.yml << EOF
version: 1
sync:
  - source: alpine:3
    target: backup.example.org/library/alpine:3
    type: image
    interval: 60m
EOF`,
  ],
  [/^regsync server/, "regsync once -c regsync.yml"],
  [
    /-c regbot\.yml/,
    `cat > regbot.yml << EOF
version: 1
scripts:
  - name: hello
    interval: 60m
    script: log "hello"
EOF`,
  ],
  [
    / cleanup\.lua/,
    `echo 'log(args.repository .. " " .. #tag.ls(args.repository))' > cleanup.lua`,
  ],
];

/** Examples that end with another status than 0, and why. */
const STATUS: Readonly<Record<string, number>> = {
  // The image is not there yet: that is what the status tells a pipeline.
  "regsync check -c regsync.yml --exit-code": 3,
};

/** Examples that ask at a terminal: tests/cmd/regctl/registry_login_test.ts answers. */
const ASKS: ReadonlySet<string> = new Set(["regctl registry login"]);

/** Puts a digest of the repository before it in the place of `sha256:<hex>`. */
function withDigests(line: string): string {
  const field = line.includes("diff-config") ? ".Config" : "(index .Layers 0)";
  return line.replace(
    /(\S+) sha256:<hex>/g,
    (_, repository) => {
      const image = repository.endsWith("/repo")
        ? `${repository}:v1`
        : "alpine";
      return `${repository} $(regctl manifest get ${image} -p linux/amd64 --format '{{${field}.Digest}}')`;
    },
  );
}

/** Runs an example; gives what went wrong. */
async function failureOf(
  world: PageWorld,
  line: string,
): Promise<string | undefined> {
  const before = BEFORE.filter(([pattern]) => pattern.test(line))
    .map(([, script]) => `${script}\n`).join("");
  const serves = /^\S+ (?:serve|server)\b/.test(line);
  const { code, stdout } = serves
    ? await served(world, line, before)
    : await world.run(before + withDigests(line));
  const expected = STATUS[line] ?? 0;
  return code === expected ? undefined : `${line}\nstatus ${code}: ${stdout}`;
}

/** What servers say, at the level of debugging, when they have nothing left to do. */
const READY = /Listening on|Image matches|Scheduled task.*name=hello/;

/** What goes on until it is told to stop, and then ends well. */
async function served(
  world: PageWorld,
  line: string,
  before: string,
): Promise<{ readonly code: number; readonly stdout: string }> {
  const made = await world.run(before);
  if (made.code !== 0) return made;
  await using server = world.start(`${line} -v debug`);
  await server.waitFor(READY);
  server.kill("SIGTERM");
  const { code } = await server.status;
  return { code, stdout: server.output() };
}

peerTest("the examples in the help work", ["openssl"], async () => {
  const lines = new Set(
    ALL.flatMap(({ node: { examples = [] } }) =>
      examples.map(({ line }) => line)
    ).filter((line) => !ASKS.has(line)),
  );
  ok(lines.size >= 80);
  for (const line of ASKS) {
    const [name = "", ...args] = line.split(" ");
    const tool = await TOOLS[name]?.load();
    ok(tool && (await parse(tool, args)).kind === "call");
  }
  const rest = [...lines];
  const failures: string[] = [];
  const work = async () => {
    await using world = await pageWorld();
    for (let line = rest.shift(); line !== undefined; line = rest.shift()) {
      await world.reset();
      const failure = await failureOf(world, line);
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all([work(), work()]);
  deepStrictEqual(failures, []);
});
