import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { openTar } from "../../../src/registry/store/tar.ts";
import { writeTar } from "../../../src/registry/tar/writer.ts";
import { image, writeLayout } from "../../support/images.ts";
import { tempDir } from "../../support/temp.ts";

async function* filesOf(root: string, below = ""): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(`${root}/${below}`)) {
    if (entry.isDirectory) yield* filesOf(root, `${below}${entry.name}/`);
    else yield below + entry.name;
  }
}

Deno.test("openTar() reads the layout in an archive, whatever the order of its files", async () => {
  await using dir = await tempDir();
  const graph = await image();
  await writeLayout(`${dir.path}/layout`, graph, "v1");
  const names = (await Array.fromAsync(filesOf(`${dir.path}/layout`))).sort();
  const entries = await Promise.all(names.map(async (name) => {
    const bytes = await Deno.readFile(`${dir.path}/layout/${name}`);
    return { header: { name: `./${name}`, size: bytes.length }, body: [bytes] };
  }));
  const path = `${dir.path}/layout.tar`;
  await Deno.writeFile(path, ReadableStream.from(writeTar(entries)));
  await using store = await openTar(path);
  strictEqual(store.name, path);
  deepStrictEqual(
    (await store.manifest("v1")).bytes,
    graph.manifests[0]?.bytes,
  );
  strictEqual(
    (await store.resolve(graph.root.digest)).digest,
    graph.root.digest,
  );
  for (const { descriptor, bytes } of graph.blobs) {
    const read = async (offset: number) =>
      await new Response(await store.open(descriptor, { offset })).bytes();
    deepStrictEqual(await read(0), bytes);
    deepStrictEqual(await read(7), bytes.slice(7));
    strictEqual(await store.size(descriptor.digest), descriptor.size);
  }
  const missing = {
    ...graph.root,
    digest: `sha256:${"0".repeat(64)}`,
  } as const;
  await rejects(store.open(missing), (error) => isRegError(error, "not_found"));
  strictEqual(await store.size(missing.digest), undefined);
});
