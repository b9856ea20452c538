import { deepStrictEqual } from "node:assert/strict";
import type { Descriptor } from "../../src/registry/core.ts";
import {
  CREATED,
  queryReferrers,
  selectDescriptors,
} from "../../src/registry/referrer_query.ts";
import { describeManifest } from "../../src/registry/manifest.ts";
import { MEDIA_TYPES } from "../../src/registry/media_types.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";

const made = (
  name: string,
  artifactType: string,
  annotations: Record<string, string> = {},
): Descriptor => ({
  mediaType: MEDIA_TYPES.ociManifest,
  digest: `sha256:${name.repeat(64)}`,
  size: 1,
  artifactType,
  annotations,
});

const ALL = [
  made("a", "x/sbom", { [CREATED]: "2024" }),
  made("b", "x/sig", { [CREATED]: "2026", signer: "me" }),
  made("c", "x/sbom"),
  made("d", "x/sbom", { [CREATED]: "2025", signer: "you" }),
];
const names = (found: readonly Descriptor[]) =>
  found.map(({ digest }) => digest.at(-1)).join("");

Deno.test("selectDescriptors() filters by type and by annotations", () => {
  deepStrictEqual(
    names(selectDescriptors(ALL, { artifactType: "x/sbom" })),
    "acd",
  );
  deepStrictEqual(
    names(selectDescriptors(ALL, { annotations: { signer: "" } })),
    "bd",
  );
  deepStrictEqual(
    names(selectDescriptors(ALL, { annotations: { signer: "me" } })),
    "b",
  );
});

Deno.test("selectDescriptors() sorts, those without the annotation last", () => {
  const sort = (sortDescending: boolean) =>
    names(selectDescriptors(ALL, { sortAnnotation: CREATED, sortDescending }));
  deepStrictEqual(sort(false), "adbc");
  deepStrictEqual(sort(true), "bdac");
});

Deno.test("queryReferrers() adds what digest tags point at", async () => {
  const store = new MemoryStore();
  const put = async (tag: string, json: Record<string, unknown>) => {
    const bytes = new TextEncoder().encode(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MEDIA_TYPES.ociIndex,
        manifests: [],
        ...json,
      }),
    );
    const { descriptor } = describeManifest(bytes);
    await store.putManifest(descriptor, bytes, { tag });
    return descriptor;
  };
  const subject = await put("v1", {});
  const referrer = await put("ref", { subject, artifactType: "x/y" });
  const tag = `${subject.digest.replace(":", "-")}.sig`;
  const signature = await put(tag, { annotations: { a: "b" } });
  const found = await queryReferrers(store, subject, { digestTags: true });
  deepStrictEqual(
    found.descriptors.map(({ digest, annotations }) => [digest, annotations]),
    [
      [referrer.digest, undefined],
      [signature.digest, { "org.opencontainers.image.ref.name": tag }],
    ],
  );
});
