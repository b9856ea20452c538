import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { imageView } from "../../src/view/image.ts";
import { manifestView } from "../../src/view/manifest.ts";
import { type ScriptData, scriptData } from "../../src/view/script_data.ts";
import { describeJson, image } from "../support/images.ts";

function at(
  data: ScriptData,
  ...path: readonly (string | number)[]
): ScriptData {
  return path.reduce<ScriptData>((inner, key) => {
    if (inner instanceof Map) return inner.get(String(key));
    return Array.isArray(inner) ? inner[Number(key)] : undefined;
  }, data);
}

Deno.test("scriptData() has both names of a field, and one table for both", async () => {
  const { manifests: [made] } = await image({ annotations: { a: "b" } });
  if (made === undefined) throw new Error("No manifest");
  const data = at(scriptData(manifestView(made)), "Manifest");
  strictEqual(at(data, "layers", 0, "digest"), at(data, "Layers", 0, "Digest"));
  strictEqual(at(data, "Layers"), at(data, "layers"));
  strictEqual(at(data, "schemaVersion"), undefined);
  strictEqual(at(data, "Versioned", "schemaVersion"), 2);
  strictEqual(at(data, "Annotations", "a"), "b");
  strictEqual(at(data, "Subject"), undefined);
  deepStrictEqual(at(data, "Layers", 0, "URLs"), []);
});

Deno.test("scriptData() shows times as Go does, and sets as tables", () => {
  const made = describeJson("application/vnd.oci.image.config.v1+json", {
    created: "2021-01-01T00:00:00Z",
    os: "linux",
    config: { ExposedPorts: { "80/tcp": {} } },
  });
  const data = at(
    scriptData(imageView({ descriptor: made.descriptor, bytes: made.bytes })),
    "Image",
  );
  strictEqual(at(data, "created"), "2021-01-01 00:00:00 +0000 UTC");
  strictEqual(at(data, "Platform", "os"), "linux");
  strictEqual(at(data, "os"), undefined);
  deepStrictEqual(at(data, "config", "ExposedPorts", "80/tcp"), new Map());
});
