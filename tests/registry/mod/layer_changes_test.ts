import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { readLayer } from "../../../src/registry/layers/read_layer.ts";
import { toOci } from "../../../src/registry/mod/convert.ts";
import {
  addLayer,
  changeFileTarTimes,
  changeLayerTimes,
  compressLayers,
  removeLayer,
  removeLayersCreatedBy,
  stripFile,
} from "../../../src/registry/mod/layer_changes.ts";
import { parseMoment } from "../../../src/registry/mod/times.ts";
import { parsePlatform } from "../../../src/registry/platform.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { artifact } from "../../support/images.ts";
import { modIn, modStore, read, tarOf } from "../../support/mod_images.ts";
import { fill } from "../../support/stores.ts";

async function files(store: MemoryStore, name: string) {
  const { layers } = await read(store, name);
  const found: (readonly [string, bigint])[] = [];
  for (const layer of layers) {
    for await (const { header } of readLayer(await store.open(layer))) {
      found.push([header.name, header.mtime]);
    }
  }
  return found;
}

Deno.test("addLayer() packs for the image's family, with diff id and history", async () => {
  const tar = await tarOf({ n: "new" }, 9);
  for (
    const [name, type] of [
      ["oci-one", "application/vnd.oci.image.layer.v1.tar+gzip"],
      ["docker-one", "application/vnd.docker.image.rootfs.diff.tar.gzip"],
    ] as const
  ) {
    const store = await modStore();
    await modIn(store, name, addLayer(() => new Blob([tar]).stream()));
    const { layers, configJson } = await read(store, "out");
    strictEqual(layers.at(-1).mediaType, type);
    strictEqual(configJson.rootfs.diff_ids.length, 5);
    deepStrictEqual(configJson.history.at(-1), {
      created: "2023-11-14T22:13:20Z",
      comment: "regclient",
    });
    strictEqual((await files(store, "out")).at(-1)?.[0], "n");
  }
  throws(
    () => compressLayers("xz"),
    /unsupported layer compression: xz/,
  );
  await rejects(
    modIn(
      await modStore(),
      "oci-one",
      addLayer(() => new Blob([tar]).stream(), { mediaType: "x/y" }),
    ),
    /unsupported new layer media type x\/y/,
  );
});

Deno.test("addLayer() for a platform passes artifacts by", async () => {
  const store = new MemoryStore();
  const graph = artifact();
  await fill(store, graph, "v1");
  const tar = await tarOf({ n: "new" }, 9);
  const { digest } = await modIn(
    store,
    "v1",
    addLayer(() => new Blob([tar]).stream(), {
      platforms: [parsePlatform("linux/amd64")],
    }),
    removeLayersCreatedBy("x"),
  );
  strictEqual(digest, graph.root.digest);
});

Deno.test("compressLayers() packs anew with the types to match, after a conversion, too", async () => {
  const store = await modStore();
  await modIn(store, "docker-one", toOci(), compressLayers("zstd"));
  const { layers, configJson } = await read(store, "out");
  const before = await read(store, "docker-one");
  for (const { mediaType } of layers) {
    strictEqual(mediaType, "application/vnd.oci.image.layer.v1.tar+zstd");
  }
  deepStrictEqual(configJson.rootfs, before.configJson.rootfs);
  deepStrictEqual(await files(store, "out"), await files(store, "docker-one"));
  const { digest } = await modIn(store, "out", compressLayers("zstd"));
  strictEqual(digest, (await store.resolve("out")).digest);
});

Deno.test("stripFile() removes layers that become empty, with their history", async () => {
  const store = await modStore();
  await modIn(store, "oci-one", stripFile("strip/"), stripFile("app/lib"));
  const { layers, configJson } = await read(store, "out");
  strictEqual(layers.length, 3);
  strictEqual(configJson.rootfs.diff_ids.length, 3);
  deepStrictEqual(
    configJson.history.map((row: { created_by: string }) => row.created_by),
    [
      "ARG foo=bar",
      "COPY file0 /",
      "RUN |1 foo=bar /bin/sh -c make",
      "COPY file2 /",
      `CMD ["sh"]`,
    ],
  );
  deepStrictEqual((await files(store, "out")).map(([name]) => name), [
    "base/a",
    "etc/x",
    "base/a",
    "app/bin",
  ]);
});

Deno.test("changeLayerTimes() changes files, not those of base layers", async () => {
  const store = await modStore();
  const set = parseMoment("2020-01-01T00:00:00Z");
  await modIn(store, "oci-one", changeLayerTimes({ set, baseLayers: 2 }));
  const times = (await files(store, "out")).map(([, time]) => time);
  const other = (seconds: number) =>
    BigInt(1_600_000_000 + seconds) * 1_000_000_000n;
  deepStrictEqual(times, [
    other(1),
    other(1),
    other(2),
    set.nanoseconds,
    set.nanoseconds,
    set.nanoseconds,
  ]);
});

Deno.test("changeFileTarTimes() leaves a tar alone that needs no change, and refuses one that is none", async () => {
  const store = await modStore();
  const set = parseMoment("2020-01-01T00:00:00Z");
  const after = parseMoment("2100-01-01T00:00:00Z");
  const { digest } = await modIn(
    store,
    "oci-tar",
    changeFileTarTimes("data.tar", { set, after }),
  );
  strictEqual(digest, (await store.resolve("oci-tar")).digest);
  await rejects(
    modIn(store, "oci-one", changeFileTarTimes("app/bin", { set })),
    (error) => isRegError(error, "invalid"),
  );
});

Deno.test("removing layers says what it cannot find", async () => {
  const store = await modStore();
  await rejects(
    modIn(store, "oci-one", removeLayersCreatedBy("nothing")),
    /no layers match expression: nothing/,
  );
  await rejects(modIn(store, "oci-one", removeLayer(9)), /layer not found/);
  await rejects(
    modIn(store, "oci-idx", removeLayer(0)),
    /remove layer by index requires v2 image manifest/,
  );
});
