import { strictEqual } from "node:assert/strict";
import {
  baseMediaType,
  isBlobType,
  isIndexType,
  isManifestType,
  MEDIA_TYPES,
} from "../../src/registry/media_types.ts";

Deno.test("baseMediaType() drops parameters and case", () => {
  const base = baseMediaType(" Application/JSON; charset=utf-8");
  strictEqual(base, "application/json");
});

Deno.test("every known media type is a manifest or a blob, never both", () => {
  for (const type of Object.values(MEDIA_TYPES)) {
    strictEqual(isManifestType(type), !isBlobType(type), type);
  }
  strictEqual(isIndexType(MEDIA_TYPES.dockerList), true);
});
