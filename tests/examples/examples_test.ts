/** The worked examples do what they say. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { copyWithProgress } from "../../examples/copy_with_progress.ts";
import { filterTags } from "../../examples/filter_tags.ts";
import { pushArtifact } from "../../examples/push_artifact.ts";
import { readFile } from "../../examples/read_file.ts";
import { serveLayouts } from "../../examples/serve_layout.ts";
import { walkIndex } from "../../examples/walk_index.ts";
import { can, Client, parseReference } from "../../src/mod.ts";
import { MemoryStorage, serve } from "../../src/serve/mod.ts";
import { multiPlatform, pushGraph, writeLayout } from "../support/images.ts";
import { tempDir } from "../support/temp.ts";

/** A registry with an image of two platforms, and a client that reaches it. */
async function world() {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(serve(new MemoryStorage(), { port: 0 }));
  const client = stack.use(
    new Client({ hostDefault: { tls: "disabled" } }),
  );
  const graph = await multiPlatform(2);
  const host = registry.address;
  await pushGraph(`http://${host}`, "app", graph, ["v1", "v2", "next"]);
  const kept = stack.move();
  return {
    client,
    graph,
    host,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

Deno.test("copyWithProgress() copies and names everything once", async () => {
  await using made = await world();
  const { client, graph, host } = made;
  const lines: string[] = [];
  const pair = [`${host}/app:v1`, `${host}/copy:v1`] as const;
  const digest = await copyWithProgress(
    client,
    pair,
    (line) => lines.push(line),
  );
  strictEqual(digest, graph.root.digest);
  const named = lines.map((line) => line.split(" ")[0]);
  ok(
    graph.manifests.every(({ descriptor }) =>
      named.filter((name) => name === descriptor.digest).length === 1
    ),
  );
});

Deno.test("filterTags() gives what matches", async () => {
  await using made = await world();
  const { client, host } = made;
  deepStrictEqual(
    await Array.fromAsync(filterTags(client, `${host}/app`, /^v\d$/)),
    ["v1", "v2"],
  );
});

Deno.test("pushArtifact() makes a referrer of the image", async () => {
  await using made = await world();
  const { client, graph, host } = made;
  const artifactType = "application/vnd.example.note";
  const { digest } = await pushArtifact(client, `${host}/app:v1`, {
    artifactType,
    title: "note.txt",
    bytes: new TextEncoder().encode("reviewed"),
  });
  await using store = await client.open(parseReference(`${host}/app`));
  ok(can(store, "referrers"));
  const { descriptors } = await store.referrers(graph.root);
  deepStrictEqual(
    descriptors.map((one) => [one.digest, one.artifactType]),
    [[digest, artifactType]],
  );
});

Deno.test("walkIndex() shows all that a graph holds", async () => {
  await using made = await world();
  const { client, graph, host } = made;
  const text = (await Array.fromAsync(walkIndex(client, `${host}/app:v1`)))
    .join("\n");
  match(text, /^ {2}linux\/amd64$/m);
  match(text, /^ {2}linux\/arm64/m);
  for (const { descriptor } of [...graph.manifests, ...graph.blobs]) {
    ok(text.includes(descriptor.digest));
  }
});

Deno.test("readFile() and serveLayouts() give a file of a served layout", async () => {
  await using dir = await tempDir();
  const platform = { os: "linux", architecture: "amd64" };
  const image = await multiPlatform(2);
  await writeLayout(`${dir.path}/app`, image, "v1");
  await using server = await serveLayouts(dir.path);
  await using client = new Client({ hostDefault: { tls: "disabled" } });
  const bytes = await readFile(
    client,
    `${server.address}/app:v1`,
    "etc/os-release",
    { platform },
  );
  // The topmost layer's, of two that have the file.
  strictEqual(
    new TextDecoder().decode(bytes),
    "ID=example\nVERSION_ID=100.1\n",
  );
});
