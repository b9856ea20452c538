/** One layout directory and several processes, one of them killed at work. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openLayout } from "../../src/registry/store/layout.ts";
import { describe, noise } from "../support/images.ts";
import { readLayout } from "../support/layouts.ts";
import { tempDir } from "../support/temp.ts";

const url = (path: string) => JSON.stringify(import.meta.resolve(path));

const IMPORTS = `
  import { openLayout } from ${url("../../src/registry/store/layout.ts")};
  import { describe, image, noise } from ${url("../support/images.ts")};
  import { fill } from ${url("../support/stores.ts")};
`;

/** Runs a script in a process of its own. */
function start(script: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", IMPORTS + script],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** Each image of this writer takes the last one's tag, so that garbage comes about. */
const writer = (path: string, id: number) => `
  for (let round = 0; round < 4; round++) {
    await using store = await openLayout(${JSON.stringify(path)});
    await fill(store, await image({ seed: ${id} * 10 + round }), "tag-${id}");
    await fill(store, await image({ seed: 1000 + round }), "shared-" + round);
  }
`;

/** Half of a blob, and then nothing more. */
const staller = (path: string) => `
  const store = await openLayout(${JSON.stringify(path)});
  const { descriptor, bytes } = describe("a/b", noise(4_000_000, 77));
  await store.push(descriptor, () => Promise.resolve(new ReadableStream({
    start: (controller) => controller.enqueue(bytes.slice(0, 3_000_000)),
    pull: async () => {
      console.log("half");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    },
  })));
`;

Deno.test("a layout holds against several processes, and one that is killed", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/layout`;
  const stalled = start(staller(path));
  const output = stalled.stdout.getReader();
  await output.read();
  const writers = [1, 2, 3].map((id) => start(writer(path, id)));
  for (const process of writers) {
    strictEqual((await process.output()).success, true);
  }
  stalled.kill("SIGKILL");
  await stalled.status;
  await output.cancel();
  const { descriptor: node, bytes } = describe("a/b", noise(4_000_000, 77));
  const offsets: number[] = [];
  const expected = new Set<string>([node.digest]);
  {
    await using store = await openLayout(path);
    // The killed process's part is taken up where it ended.
    await store.push(node, ({ offset = 0 } = {}) => {
      offsets.push(offset);
      return Promise.resolve(new Blob([bytes.slice(offset)]).stream());
    });
    const [page] = await Array.fromAsync(store.tags());
    deepStrictEqual(page?.names, [
      ...[0, 1, 2, 3].map((round) => `shared-${round}`),
      ...[1, 2, 3].map((id) => `tag-${id}`),
    ]);
    for (const tag of page.names) {
      const { descriptor, bytes } = await store.manifest(tag);
      const { config, layers } = JSON.parse(new TextDecoder().decode(bytes));
      expected.add(descriptor.digest);
      for (const blob of [config, ...layers]) {
        expected.add(blob.digest);
        await new Response(await store.open(blob)).bytes();
      }
    }
  }
  strictEqual(offsets.length === 1 && (offsets[0] ?? 0) > 2_000_000, true);
  const { blobs, others } = await readLayout(path);
  deepStrictEqual(blobs, [...expected].sort());
  deepStrictEqual(others, ["index.json", "oci-layout"]);
});
