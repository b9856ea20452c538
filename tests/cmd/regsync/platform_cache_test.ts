import { rejects, strictEqual } from "node:assert/strict";
import { PlatformCache } from "../../../src/cmd/regsync/platform_cache.ts";
import type { Source } from "../../../src/registry/core.ts";
import { parsePlatform } from "../../../src/registry/platform.ts";
import { multiPlatform } from "../../support/images.ts";

/** A source that has one index, and counts. */
async function counting() {
  const graph = await multiPlatform(2);
  const made = graph.manifests.at(-1);
  let reads = 0;
  const source: Pick<Source, "manifest"> = {
    manifest() {
      reads++;
      if (!made) throw new Error("no index");
      return Promise.resolve(made);
    },
  };
  return { graph, source: source as Source, reads: () => reads };
}

Deno.test("PlatformCache asks for an index once, also for many at a time", async () => {
  const { graph, source, reads } = await counting();
  const cache = new PlatformCache();
  const resolve = () =>
    cache.resolve(source, graph.root, {
      platform: parsePlatform("linux/arm64"),
    });
  const [first, second] = await Promise.all([resolve(), resolve()]);
  strictEqual(first, graph.manifests[1]?.descriptor.digest);
  strictEqual(second, first);
  strictEqual(await resolve(), first);
  strictEqual(reads(), 1);
});

Deno.test("PlatformCache keeps platforms apart, and remembers no failure", async () => {
  const { graph, source, reads } = await counting();
  const cache = new PlatformCache();
  const resolve = (text: string) =>
    cache.resolve(source, graph.root, { platform: parsePlatform(text) });
  strictEqual(
    await resolve("linux/amd64"),
    graph.manifests[0]?.descriptor.digest,
  );
  await rejects(resolve("linux/s390x"), { code: "not_found" });
  await rejects(resolve("linux/s390x"), { code: "not_found" });
  strictEqual(reads(), 3);
});
