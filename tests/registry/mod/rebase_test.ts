import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { rebase, rebaseOnto } from "../../../src/registry/mod/rebase.ts";
import { parseReference } from "../../../src/registry/reference.ts";
import { modIn, modStore, read } from "../../support/mod_images.ts";

const ref = (tag: string) => parseReference(`example.com/repo:${tag}`);

Deno.test("rebaseOnto() swaps layers, diff ids and history of the base", async () => {
  const store = await modStore();
  await modIn(
    store,
    "oci-onbase",
    rebaseOnto(ref("oci-base1"), ref("oci-base2")),
  );
  const [image, base, before] = await Promise.all(
    ["out", "oci-base2", "oci-onbase"].map((name) => read(store, name)),
  );
  deepStrictEqual(image.layers, [...base.layers, before.layers[2]]);
  deepStrictEqual(image.configJson.rootfs.diff_ids, [
    ...base.configJson.rootfs.diff_ids,
    before.configJson.rootfs.diff_ids[2],
  ]);
  deepStrictEqual(image.configJson.history, [
    ...base.configJson.history,
    before.configJson.history[3],
  ]);
});

Deno.test("rebaseOnto() does nothing between a base and itself", async () => {
  const store = await modStore();
  const { digest } = await modIn(
    store,
    "oci-onbase",
    rebaseOnto(ref("oci-base1"), ref("oci-base1")),
  );
  strictEqual(digest, (await store.resolve("oci-onbase")).digest);
});

Deno.test("rebaseOnto() refuses an image that does not stand on the base", async () => {
  const store = await modStore();
  const mismatch = (error: Error) => isRegError(error, "mismatch");
  const from = (old: string, now: string, image = "oci-onbase") =>
    modIn(store, image, rebaseOnto(ref(old), ref(now)));
  await rejects(from("oci-base2", "oci-base1"), /image layers, layer 1/);
  await rejects(from("oci-one", "oci-base1"), mismatch);
  await rejects(from("oci-base1", "oci-base2", "oci-one"), /history, entry 1/);
  await rejects(
    from("oci-onbase", "oci-base1", "oci-base1"),
    /base image has more layers/,
  );
});

Deno.test("rebase() needs the annotations that name the base", async () => {
  const store = await modStore();
  await rejects(
    modIn(store, "oci-one", rebase()),
    /annotation for base image is missing/,
  );
});
