import { ok, rejects, strictEqual } from "node:assert/strict";
import { RegError } from "../../src/base/errors.ts";
import { copyGraph, Run } from "../../src/registry/copy.ts";
import { artifact, describe, index, multiPlatform } from "../support/images.ts";
import { assertWhole, pair } from "../support/copies.ts";

const multi = await multiPlatform(2);

Deno.test("copyGraph() mounts within a registry instead of sending", async () => {
  const { source, from } = pair();
  from.fill(multi, "v1");
  const to = source.repository("other");
  await copyGraph("v1", { from, to, tag: "v1" });
  assertWhole(to, "v1");
  strictEqual(source.count("open"), 0);
  strictEqual(source.count("mount"), multi.blobs.length);
});

Deno.test("copyGraph() sends where a mount is refused", async () => {
  const { source, from } = pair();
  source.mounts = false;
  from.fill(multi, "v1");
  const to = source.repository("other");
  await copyGraph("v1", { from, to, tag: "v1" });
  assertWhole(to, "v1");
});

Deno.test("copyGraph() sends a blob once a run, to one repository of a registry", async () => {
  const { source, target, from } = pair();
  from.fill(multi, "v1");
  const run = new Run();
  const names = ["a", "b", "c"];
  await Promise.all(names.flatMap((name) =>
    ["v1", "v2"].map((tag) => {
      const to = target.repository(name);
      return copyGraph("v1", { from, to, tag, run });
    })
  ));
  strictEqual(source.count("open"), multi.blobs.length);
  strictEqual(target.count("push"), multi.blobs.length);
  strictEqual(target.count("exists"), multi.blobs.length);
});

Deno.test("copyGraph() passes by layers that live elsewhere, unless asked", async () => {
  const { from, to } = pair();
  const far = describe(
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    new Uint8Array([1]),
  );
  const descriptor = { ...far.descriptor, urls: ["https://example.com/layer"] };
  const entry = index([{
    root: descriptor,
    manifests: [],
    blobs: [{ ...far, descriptor }],
  }]);
  from.fill(entry, "v1");
  await copyGraph("v1", { from, to, tag: "v1" });
  strictEqual(to.blobs.size, 0);
  const again = pair().to;
  await copyGraph("v1", { from, to: again, tag: "v1", includeExternal: true });
  strictEqual(again.blobs.size, 1);
});

Deno.test("copyGraph() takes bytes from the descriptor that carries them", async () => {
  const { source, from, to } = pair();
  const small = describe(
    "application/vnd.oci.empty.v1+json",
    new TextEncoder().encode("{}"),
  );
  const descriptor = { ...small.descriptor, data: btoa("{}") };
  const entry = index([{
    root: descriptor,
    manifests: [],
    blobs: [{ ...small, descriptor }],
  }]);
  from.fill(entry, "v1");
  await copyGraph("v1", { from, to, tag: "v1" });
  assertWhole(to, "v1");
  strictEqual(source.count("open"), 0);
});

Deno.test("copyGraph() asks nobody for the empty configuration", async () => {
  const { source, from, to } = pair();
  const graph = artifact();
  from.fill(graph, "v1");
  await copyGraph("v1", { from, to, tag: "v1" });
  assertWhole(to, "v1");
  strictEqual(source.count("open"), graph.blobs.length - 1);
});

Deno.test("copyGraph() moves small blobs all at once", async () => {
  const { source, from, to } = pair();
  from.fill(multi, "v1");
  const all = Promise.withResolvers<void>();
  source.before = (call) => {
    if (!call.startsWith("open ")) return;
    if (source.count("open") === multi.blobs.length) all.resolve();
    return all.promise; // the first ones come back when the last one has begun
  };
  await copyGraph("v1", { from, to, tag: "v1" });
  assertWhole(to, "v1");
});

Deno.test("copyGraph() reads a small blob while the target is asked to mount it", async () => {
  const { source, target, from, to } = pair();
  from.fill(multi, "v1");
  const reading = new Map(
    multi.blobs.map(({ descriptor }) =>
      [descriptor.digest as string, Promise.withResolvers<void>()] as const
    ),
  );
  const digestIn = (call: string) => call.split(" ")[2] ?? "";
  source.before = (call) => {
    if (call.startsWith("open ")) reading.get(digestIn(call))?.resolve();
  };
  // One after the other they would wait for each other for ever.
  target.before = (call) =>
    call.startsWith("mount ")
      ? reading.get(digestIn(call))?.promise
      : undefined;
  await copyGraph("v1", { from, to, tag: "v1" });
  assertWhole(to, "v1");
  strictEqual(source.count("open"), multi.blobs.length);
});

Deno.test("copyGraph() ends the reading of a small blob whose mount fails", async () => {
  const { target, from, to } = pair();
  from.fill(multi, "v1");
  const ended: string[] = [];
  const { open } = from;
  from.open = async (node, options) => {
    options?.signal?.addEventListener("abort", () => ended.push(node.digest));
    return await open.call(from, node, options);
  };
  target.before = (call) => {
    if (call.startsWith("mount ")) throw new RegError("network", "broken");
  };
  await rejects(copyGraph("v1", { from, to, tag: "v1" }), /broken/);
  ok(ended.length > 0);
});
