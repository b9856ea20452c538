import { deepStrictEqual } from "node:assert/strict";
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  OCI_ARTIFACT,
  OCI_INDEX,
  OCI_MANIFEST,
  SCHEMA_1_SIGNED,
} from "../../src/view/manifest_types.ts";

Deno.test("each kind of manifest has upstream's fields, promoted ones too", () => {
  const has = (names: string) =>
    [
      OCI_MANIFEST,
      OCI_INDEX,
      OCI_ARTIFACT,
      DOCKER_MANIFEST,
      DOCKER_LIST,
      SCHEMA_1_SIGNED,
    ]
      .map((type) =>
        names.split(" ").every((name) =>
          type.selector(name, "field") !== undefined
        )
      );
  deepStrictEqual(has("SchemaVersion MediaType"), [
    true,
    true,
    false,
    true,
    true,
    true,
  ]);
  deepStrictEqual(has("Config Layers"), [
    true,
    false,
    false,
    true,
    false,
    false,
  ]);
  deepStrictEqual(has("Manifests"), [false, true, false, false, true, false]);
  deepStrictEqual(has("Subject ArtifactType"), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  deepStrictEqual(has("FSLayers History Canonical"), [
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
});
