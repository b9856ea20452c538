import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { RegError } from "../../src/base/errors.ts";
import { copyGraph, Run } from "../../src/registry/copy.ts";
import type { CopyEvent } from "../../src/registry/copy.ts";
import type { Digest } from "../../src/registry/core.ts";
import { childrenOf, parseManifest } from "../../src/registry/manifest.ts";
import { platformsMatch } from "../../src/registry/platform.ts";
import { assertWhole, pair } from "../support/copies.ts";
import { image, index, multiPlatform } from "../support/images.ts";

const multi = await multiPlatform(2);

Deno.test("copyGraph() copies an index with all below it, the tag last", async () => {
  const { target, from, to } = pair();
  from.fill(multi, "v1");
  const { root, skipped } = await copyGraph("v1", { from, to, tag: "v2" });
  deepStrictEqual([root.digest, skipped], [multi.root.digest, false]);
  assertWhole(to, "v2");
  strictEqual(target.calls.at(-1), "put mirror/app v2");
});

Deno.test("copyGraph() puts children before their parents", async () => {
  const { target, from, to } = pair();
  const nested = index([index([multi])]);
  from.fill(nested, "v1");
  target.before = (call) => {
    const [verb, , what = ""] = call.split(" ");
    if (verb !== "put") return;
    const digest = what === "v1" ? nested.root.digest : what as Digest;
    const { bytes, descriptor } = from.manifests.get(digest)!;
    for (
      const child of childrenOf(parseManifest(bytes, descriptor.mediaType))
    ) {
      const has = to.blobs.has(child.digest) || to.manifests.has(child.digest);
      strictEqual(has, true, `${child.digest} before ${digest}`);
    }
  };
  await copyGraph("v1", { from, to, tag: "v1" });
  assertWhole(to, "v1");
});

Deno.test("copyGraph() needs two requests where the target's tag is right", async () => {
  const { source, target, from, to } = pair();
  from.fill(multi, "v1");
  to.fill(multi, "v1");
  const { skipped } = await copyGraph("v1", { from, to, tag: "v1" });
  strictEqual(skipped, true);
  deepStrictEqual(source.calls, ["resolve app v1"]);
  deepStrictEqual(target.calls, ["resolve mirror/app v1"]);
});

Deno.test("copyGraph() does not look for a root that its caller has looked for", async () => {
  const { source, target, from, to } = pair();
  from.fill(multi, "v1");
  const digest = multi.root.digest;
  await copyGraph(digest, { from, to, tag: "v1", there: null });
  strictEqual(target.calls.includes("resolve mirror/app v1"), false);
  assertWhole(to, "v1");
  source.calls.length = 0;
  target.calls.length = 0;
  const { skipped } = await copyGraph(digest, {
    from,
    to,
    tag: "v1",
    there: multi.root,
  });
  strictEqual(skipped, true);
  deepStrictEqual([source.calls, target.calls], [[], []]);
});

Deno.test("copyGraph() completes what is missing, and sends nothing else", async () => {
  const { source, target, from, to } = pair();
  from.fill(multi, "v1");
  to.fill(multi);
  const [lost] = multi.blobs;
  to.blobs.delete(lost!.descriptor.digest);
  to.manifests.clear();
  await copyGraph("v1", { from, to, tag: "v1" });
  assertWhole(to, "v1");
  strictEqual(source.count("open"), 1);
  strictEqual(target.count("push"), 1);
});

Deno.test("copyGraph() repairs below a tag that is right where nothing is to be skipped", async () => {
  const { from, to } = pair();
  from.fill(multi, "v1");
  to.fill(multi, "v1");
  to.blobs.clear();
  await copyGraph("v1", { from, to, tag: "v1", skip: "node" });
  assertWhole(to, "v1");
});

Deno.test("copyGraph() puts every manifest again with skip nothing", async () => {
  const { target, from, to } = pair();
  from.fill(multi, "v1");
  to.fill(multi, "v1");
  await copyGraph("v1", { from, to, tag: "v1", skip: "nothing" });
  strictEqual(target.count("put"), multi.manifests.length);
});

Deno.test("copyGraph() only tags within a repository", async () => {
  const { source, from } = pair();
  from.fill(multi, "v1");
  await copyGraph("v1", { from, to: from, tag: "v2" });
  strictEqual(from.tagged.get("v2"), multi.root.digest);
  deepStrictEqual(source.calls, [
    "resolve app v2",
    "manifest app v1",
    "put app v2",
  ]);
});

Deno.test("copyGraph() leaves out what keep() refuses, and the index as it is", async () => {
  const { from, to } = pair();
  from.fill(multi, "v1");
  const amd64 = { os: "linux", architecture: "amd64" };
  await copyGraph("v1", {
    from,
    to,
    tag: "v1",
    keep: (child, parent) =>
      parent.kind !== "index" ||
      (child.platform !== undefined && platformsMatch(child.platform, amd64)),
  });
  strictEqual(to.tagged.get("v1"), multi.root.digest);
  strictEqual(to.manifests.size, 2);
});

Deno.test("copyGraph() stops at the first failure, and tags nothing", async () => {
  const { target, from, to } = pair();
  from.fill(multi, "v1");
  target.before = (call) => {
    if (call.startsWith("push ")) {
      throw new RegError("denied", "denied [http 403]");
    }
  };
  await rejects(copyGraph("v1", { from, to, tag: "v1" }), {
    name: "RegError",
    code: "denied",
    side: "target",
    message: /^Cannot push blob sha256:\w+ to "target.io\/mirror\/app": denied/,
  });
  strictEqual(target.count("put"), 0);
});

Deno.test("copyGraph() names the source where that fails", async () => {
  const { from, to } = pair();
  await rejects(copyGraph("v1", { from, to, tag: "v1" }), {
    code: "not_found",
    side: "source",
  });
});

Deno.test("copyGraph() stops when its signal aborts", async () => {
  const { target, from, to } = pair();
  from.fill(multi, "v1");
  const controller = new AbortController();
  target.before = (call) => {
    if (call.startsWith("push ")) controller.abort();
  };
  const { signal } = controller;
  await rejects(copyGraph("v1", { from, to, tag: "v1", signal }), {
    name: "AbortError",
  });
  strictEqual(to.tagged.size, 0);
});

Deno.test("a failed copy does not fail another one of its run", async () => {
  const { target, from } = pair();
  from.fill(multi, "v1");
  const run = new Run();
  target.before = (call) => {
    if (call.startsWith("push bad ")) throw new RegError("denied", "no");
  };
  const good = target.repository("good");
  const copies = [target.repository("bad"), good]
    .map((to) => copyGraph("v1", { from, to, tag: "v1", run }));
  const outcomes = await Promise.allSettled(copies);
  deepStrictEqual(outcomes.map((o) => o.status), ["rejected", "fulfilled"]);
  assertWhole(good, "v1");
});

Deno.test("copyGraph() gives up on a target that cannot be reached", async () => {
  const { target, from, to } = pair();
  from.fill(multi, "v1");
  target.before = () => {
    throw new RegError("network", "connection refused");
  };
  await rejects(copyGraph("v1", { from, to, tag: "v1" }), {
    code: "network",
    side: "target",
  });
  strictEqual(target.calls.length, 1);
});

Deno.test("copyGraph() refuses a child whose size differs from what its index says", async () => {
  const { from, to } = pair();
  const one = await image();
  const lying = index([{
    ...one,
    root: { ...one.root, size: one.root.size + 1 },
  }]);
  from.fill(lying, "v1");
  await rejects(copyGraph("v1", { from, to, tag: "v1" }), {
    code: "mismatch",
    side: "source",
  });
  strictEqual(to.tagged.size, 0);
});

Deno.test("copyGraph() reports each node, and every byte", async () => {
  const { from, to } = pair();
  from.fill(multi, "v1");
  const events: CopyEvent[] = [];
  await copyGraph("v1", {
    from,
    to,
    tag: "v1",
    onEvent: (e) => events.push(e),
  });
  const ends = events.filter(({ type }) => type === "finished");
  strictEqual(ends.length, multi.blobs.length + multi.manifests.length);
  const bytes = events.reduce(
    (n, e) => n + (e.type === "progress" ? e.bytes : 0),
    0,
  );
  strictEqual(bytes, multi.blobs.reduce((n, b) => n + b.bytes.length, 0));
});

Deno.test("a copy that fails anywhere leaves no tag, and the next one completes it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(60), async (failing) => {
      const { source, target, from, to } = pair();
      from.fill(multi, "v1");
      let calls = 0;
      const fail = () => {
        if (calls++ === failing) throw new RegError("network", "cut");
      };
      source.before = target.before = fail;
      const done = await copyGraph("v1", { from, to, tag: "v1" }).then(
        () => true,
        () => false,
      );
      strictEqual(to.tagged.has("v1"), done);
      const pushed = target.count("push");
      const blobs = to.blobs.size;
      source.before = target.before = () => {};
      await copyGraph("v1", { from, to, tag: "v1" });
      assertWhole(to, "v1");
      strictEqual(target.count("push") - pushed, multi.blobs.length - blobs);
    }),
    { numRuns: 40 },
  );
});
