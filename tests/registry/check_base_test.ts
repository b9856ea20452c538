import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../src/base/errors.ts";
import {
  checkBase,
  type CheckBaseOptions,
} from "../../src/registry/check_base.ts";
import { setBaseAnnotations } from "../../src/registry/mod/manifest_changes.ts";
import { parsePlatform } from "../../src/registry/platform.ts";
import { type Graph, image, index } from "../support/images.ts";
import { modIn, modStore } from "../support/mod_images.ts";
import { fill } from "../support/stores.ts";

type Store = Awaited<ReturnType<typeof modStore>>;

const check = (
  store: Store,
  name: string,
  options: Omit<CheckBaseOptions, "open"> = {},
) => checkBase(store, name, { open: () => Promise.resolve(store), ...options });

const base = (tag: string) => `example.com/repo:${tag}`;

Deno.test("checkBase() compares layers, then history", async () => {
  const store = await modStore();
  strictEqual(
    await check(store, "oci-onbase", { base: base("oci-base1") }),
    undefined,
  );
  const layer = await check(store, "oci-onbase", { base: base("oci-base2") });
  strictEqual(layer?.kind, "layer");
  strictEqual(
    layer?.message.startsWith(
      `base layer changed, ${base("oci-base2")}[1], expected sha256:`,
    ),
    true,
  );
  const history = await check(store, "oci-one", { base: base("oci-base1") });
  deepStrictEqual(history, {
    kind: "history",
    message: `base history changed, ${base("oci-base1")}[1]`,
  });
  strictEqual(
    await check(store, "oci-one", { base: base("oci-base1"), config: false }),
    undefined,
  );
});

Deno.test("checkBase() compares the digest where it is known, from annotations first", async () => {
  const store = await modStore();
  const { digest } = await store.resolve("oci-base1");
  strictEqual(
    await check(store, "oci-one", { base: base("oci-base1"), digest }),
    undefined,
  );
  const other = await check(store, "oci-one", {
    base: base("oci-base2"),
    digest,
  });
  strictEqual(other?.kind, "digest");
  await modIn(store, "oci-one", setBaseAnnotations(base("oci-base1"), digest));
  const wrong = (await store.resolve("oci-base2")).digest;
  strictEqual(await check(store, "out", { digest: wrong }), undefined);
});

Deno.test("checkBase() checks each image of an index with its own platform", async () => {
  const store = await modStore();
  strictEqual(
    await check(store, "oci-idx", { base: base("oci-idx") }),
    undefined,
  );
  const different = await check(store, "oci-idx", { base: base("anno") })
    .catch((error) => error);
  strictEqual(
    different.message,
    "platform linux/amd64 mismatch: base image has no layers",
  );
  strictEqual(
    await check(store, "oci-idx", {
      base: base("oci-idx"),
      platform: parsePlatform("linux/arm64"),
    }),
    undefined,
  );
});

Deno.test("checkBase() survives an index whose entries name no platform", async () => {
  const store = await modStore();
  const graph = await image();
  const { mediaType, digest, size } = graph.root;
  const bare: Graph = { ...graph, root: { mediaType, digest, size } };
  await fill(store, index([bare]), "bare");
  await fill(store, graph, "own");
  strictEqual(await check(store, "bare", { base: base("own") }), undefined);
});

Deno.test("checkBase() says why it cannot compare", async () => {
  const store = await modStore();
  await rejects(check(store, "oci-one"), /does not have a base annotation/);
  await rejects(
    check(store, "oci-base1", { base: base("oci-onbase") }),
    /image has fewer layers than base image/,
  );
  await rejects(
    check(store, "oci-one", { base: base("none") }),
    (error) => isRegError(error, "not_found"),
  );
  await rejects(
    check(store, "oci-one", { base: base("oci-one"), digest: "sha256:x" }),
    (error) => isRegError(error, "reference"),
  );
});
