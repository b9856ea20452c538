import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../../src/base/errors.ts";
import { fromBytes } from "../../../../src/base/streams.ts";
import {
  EMPTY_INDEX,
  makeRow,
  withRow,
} from "../../../../src/registry/store/layout/rows.ts";
import {
  type LayoutReader,
  LayoutSource,
} from "../../../../src/registry/store/layout/source.ts";
import { type Graph, image } from "../../../support/images.ts";

/** A layout of one image, read from memory. */
function reader(graph: Graph): LayoutReader {
  const row = makeRow(graph.root, "v1", new Date(0));
  const blobs = new Map(
    [...graph.manifests, ...graph.blobs].map(({ descriptor, bytes }) => [
      String(descriptor.digest),
      bytes,
    ]),
  );
  return {
    index: () =>
      Promise.resolve({
        index: withRow(EMPTY_INDEX, row),
        bytes: new Uint8Array(),
      }),
    blobSize: (digest) => Promise.resolve(blobs.get(digest)?.length),
    readBlob: (digest) => Promise.resolve(blobs.get(digest)),
    openBlob: (digest, { start = 0 } = {}) =>
      Promise.resolve(
        fromBytes(blobs.get(digest)?.slice(start) ?? new Uint8Array()),
      ),
  };
}

Deno.test("LayoutSource tells a manifest with the annotations of its row", async () => {
  const graph = await image();
  const source = new LayoutSource("archive", reader(graph));
  const { digest, annotations } = await source.resolve("v1");
  strictEqual(digest, graph.root.digest);
  deepStrictEqual(
    (await source.manifest("v1")).descriptor.annotations,
    annotations,
  );
  strictEqual(annotations?.["org.opencontainers.image.ref.name"], "v1");
});

Deno.test("LayoutSource verifies blobs unless told not to", async () => {
  const graph = await image();
  const honest = reader(graph);
  const source = new LayoutSource("archive", {
    ...honest,
    openBlob: () => Promise.resolve(fromBytes(new Uint8Array(3))),
  });
  const node = graph.blobs[0]?.descriptor ?? graph.root;
  await rejects(
    new Response(await source.open(node)).bytes(),
    (error) => isRegError(error, "mismatch"),
  );
  const raw = await source.open(node, { verify: false });
  strictEqual((await new Response(raw).bytes()).length, 3);
});

Deno.test("LayoutSource without an index is no layout", async () => {
  const graph = await image();
  const source = new LayoutSource("archive", {
    ...reader(graph),
    index: () => Promise.resolve(undefined),
  });
  await rejects(
    source.resolve("v1"),
    /Cannot open archive: no "oci-layout" is there: not found/,
  );
});
