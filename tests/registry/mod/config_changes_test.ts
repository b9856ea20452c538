import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import {
  changeConfigAlgorithm,
  changeConfigTimes,
  literalExpression,
  removeBuildArgument,
  setAuthor,
  setEnv,
  setLabel,
} from "../../../src/registry/mod/config_changes.ts";
import { parseMoment } from "../../../src/registry/mod/times.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { modIn, modStore, read } from "../../support/mod_images.ts";

Deno.test("changes of a config that change nothing leave the image as it is", async () => {
  const store = await modStore();
  const { digest } = await store.resolve("oci-one");
  const result = await modIn(
    store,
    "oci-one",
    setLabel("a", "1"),
    setLabel("none", ""),
    setEnv("A", "b"),
    setEnv("NONE", ""),
    removeBuildArgument("none", "x"),
  );
  strictEqual(result.digest, digest);
});

Deno.test("setLabel() takes names that JavaScript's objects have a use for", async () => {
  const store = await modStore();
  await modIn(
    store,
    "oci-one",
    setLabel("__proto__", "p"),
    setLabel("10", "ten"),
    setLabel("9", "nine"),
  );
  const { configJson } = await read(store, "out");
  deepStrictEqual(Object.keys(configJson.config.Labels), [
    "9",
    "10",
    "__proto__",
    "a",
    "b",
    "created",
  ]);
  const bytes = await new Response(
    await store.open((await read(store, "out")).config),
  ).text();
  // Sorted by bytes, as Go sorts.
  strictEqual(
    bytes.includes(`"Labels":{"10":"ten","9":"nine","__proto__":"p","a":`),
    true,
  );
});

Deno.test("removeBuildArgument() takes literal text literally", async () => {
  const store = await modStore();
  const before = await store.resolve("oci-one");
  const expression = literalExpression("b.r");
  const { digest } = await modIn(
    store,
    "oci-one",
    removeBuildArgument("foo", expression),
  );
  const { configJson } = await read(store, digest);
  // The ARG row goes whatever its value; the RUN row has another one.
  deepStrictEqual(
    configJson.history.map((row: { created_by: string }) => row.created_by)
      .slice(0, 2),
    ["COPY file0 /", "RUN |1 foo=bar /bin/sh -c make"],
  );
  strictEqual(digest === before.digest, false);
  throws(
    () => removeBuildArgument("foo", "("),
    (error: Error) => isRegError(error, "usage"),
  );
});

Deno.test("changeConfigTimes() leaves rows without a time alone", async () => {
  const store = new MemoryStore();
  const config = await store.add(
    new TextEncoder().encode(JSON.stringify({
      os: "linux",
      architecture: "amd64",
      rootfs: { type: "layers", diff_ids: [] },
      history: [{ created_by: "x", empty_layer: true }],
    })),
    "application/vnd.oci.image.config.v1+json",
  );
  await store.addManifest({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config,
    layers: [],
  }, "v1");
  const set = parseMoment("2020-01-01T00:00:00Z");
  const result = await modIn(store, "v1", changeConfigTimes({ set }));
  strictEqual(result.digest, (await store.resolve("v1")).digest);
});

Deno.test("changeConfigTimes() fails where the label is missing", async () => {
  const store = await modStore();
  await rejects(
    modIn(store, "oci-one", changeConfigTimes({ fromLabel: "none" })),
    /label not found: none/,
  );
  await rejects(
    store.resolve("out"),
    (error) => isRegError(error, "not_found"),
  );
});

Deno.test("changeConfigAlgorithm() keeps the config's bytes", async () => {
  const store = await modStore();
  const before = await read(store, "oci-one");
  await modIn(store, "oci-one", changeConfigAlgorithm("sha512"));
  const after = await read(store, "out");
  strictEqual(after.config.digest.startsWith("sha512:"), true);
  deepStrictEqual(after.configJson, before.configJson);
  await modIn(store, "out", setAuthor("me"));
  strictEqual(
    (await read(store, "out")).config.digest.startsWith("sha512:"),
    true,
  );
});
