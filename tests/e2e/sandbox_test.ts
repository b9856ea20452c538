/** The compiled program in a root of eight files that cannot be written. */
import { match, ok, strictEqual } from "node:assert/strict";
import { MemoryStorage, serve } from "../../src/serve/mod.ts";
import { multiPlatform, pushGraph } from "../support/images.ts";
import { peerTest } from "../support/peers.ts";
import { type Finished, run, start } from "../support/process.ts";
import {
  isCompiled,
  sandboxed,
  type SandboxOptions,
  TOOLS,
  writeRoot,
} from "../support/sandbox.ts";
import { tempDir } from "../support/temp.ts";
import { ownArchitecture } from "../../scripts/scratch_root.ts";

const COMPILED = isCompiled(ownArchitecture());

/** A test with a root made for it. */
function sandboxTest(name: string, fn: (root: string) => Promise<void>): void {
  if (!COMPILED) return;
  peerTest(name, ["bwrap"], async () => {
    await using dir = await tempDir();
    await writeRoot(dir.path, ownArchitecture());
    await fn(dir.path);
  });
}

function tool(
  root: string,
  words: readonly string[],
  options: SandboxOptions = {},
): Promise<Finished> {
  const [program, ...args] = sandboxed(root, words, options);
  return run(program, args);
}

sandboxTest("every tool starts with nothing but eight files", async (root) => {
  for (const name of TOOLS) {
    const { code, stdout, stderr } = await tool(root, [`/${name}`, "version"]);
    strictEqual(code, 0, stderr);
    match(stdout, /^VCSTag: /);
  }
});

sandboxTest(
  "copy, sync and script need no folder to write to",
  async (root) => {
    await using registry = serve(new MemoryStorage(), { port: 0 });
    const host = registry.address;
    const graph = await multiPlatform(2);
    await pushGraph(`http://${host}`, "app", graph, ["v1"]);
    const creds =
      `version: 1\ncreds:\n  - registry: ${host}\n    tls: disabled\n`;
    await Deno.writeTextFile(
      `${root}/sync.yml`,
      `${creds}sync:\n  - source: ${host}/app\n    target: ${host}/synced\n    type: repository\n`,
    );
    await Deno.writeTextFile(
      `${root}/bot.yml`,
      `${creds}scripts:\n  - name: copy\n    script: image.copy("${host}/app:v1", "${host}/scripted:v1")\n`,
    );
    const lines = [
      [
        "/regctl",
        "image",
        "copy",
        "--host",
        `reg=${host},tls=disabled`,
        `${host}/app:v1`,
        `${host}/copied:v1`,
      ],
      ["/regsync", "once", "-c", "/sync.yml"],
      ["/regbot", "once", "-c", "/bot.yml"],
    ];
    for (const line of lines) {
      const { code, stderr } = await tool(root, line);
      strictEqual(code, 0, stderr);
    }
    for (const repository of ["copied", "synced", "scripted"]) {
      const answer = await fetch(
        `http://${host}/v2/${repository}/manifests/v1`,
        { method: "HEAD", headers: { accept: graph.root.mediaType } },
      );
      strictEqual(
        answer.headers.get("docker-content-digest"),
        graph.root.digest,
        repository,
      );
    }
  },
);

sandboxTest("SIGTERM ends every server, as process 1", async (root) => {
  await using registry = serve(new MemoryStorage(), { port: 0 });
  const host = registry.address;
  await pushGraph(`http://${host}`, "app", await multiPlatform(1), ["v1"]);
  const head =
    `version: 1\ncreds: [{registry: "${host}", tls: disabled}]\ndefaults: {interval: 1h}\n`;
  await Deno.writeTextFile(
    `${root}/sync.yml`,
    `${head}sync: [{source: "${host}/app", target: "${host}/synced", type: repository}]\n`,
  );
  await Deno.writeTextFile(
    `${root}/bot.yml`,
    `${head}scripts: [{name: tags, script: 'log("tags: " .. #tag.ls("${host}/app"))'}]\n`,
  );
  const servers: readonly (readonly [RegExp, ...string[]])[] = [
    [
      /127\.0\.0\.1:[1-9]/,
      "/regctl",
      "serve",
      "--memory",
      "--addr=127.0.0.1:0",
    ],
    [/synced/, "/regsync", "server", "-c", "/sync.yml"],
    [/./, "/regbot", "server", "-c", "/bot.yml", "-v", "debug"],
  ];
  for (const [ready, ...words] of servers) {
    const [program, ...args] = sandboxed(root, words);
    await using serving = start(program, args);
    await serving.waitFor(ready);
    const began = performance.now();
    Deno.kill(await onlyChild(serving.pid), "SIGTERM");
    const { code } = await serving.status;
    strictEqual(code, 0, serving.output());
    // A container engine would kill it after ten seconds.
    ok(performance.now() - began < 8000, words.join(" "));
  }
});

sandboxTest("a place that cannot be written is said as that", async (root) => {
  await using registry = serve(new MemoryStorage(), { port: 0 });
  const host = registry.address;
  await pushGraph(`http://${host}`, "app", await multiPlatform(1), ["v1"]);
  const { code, stderr } = await tool(root, [
    "/regctl",
    "image",
    "copy",
    "--host",
    `reg=${host},tls=disabled`,
    `${host}/app:v1`,
    "ocidir:///out:v1",
  ]);
  strictEqual(code, 1);
  match(stderr, /^error: .*\/out.*read-only/i);
  ok(!/\n\s+at /.test(stderr), stderr);
});

/** The process that bubblewrap runs, as the system outside numbers it. */
async function onlyChild(parent: number): Promise<number> {
  const path = `/proc/${parent}/task/${parent}/children`;
  const [child = ""] = (await Deno.readTextFile(path)).trim().split(" ");
  match(child, /^\d+$/);
  return Number(child);
}
