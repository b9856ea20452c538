import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { record } from "../../src/config/decode_parts.ts";
import { bool } from "../../src/config/decode_scalar.ts";
import { jsonSchemaOf } from "../../src/config/json_schema.ts";
import { file } from "../../src/config/regsync_schema.ts";

Deno.test("jsonSchemaOf() gives a draft 7 schema with a title", () => {
  const text = jsonSchemaOf(record({ a: bool() }), "thing");
  const schema = JSON.parse(text);
  strictEqual(schema.$schema, "http://json-schema.org/draft-07/schema#");
  strictEqual(schema.title, "thing");
  deepStrictEqual(Object.keys(schema.properties), ["a"]);
  strictEqual(text.endsWith("}\n"), true);
});

Deno.test("the schema of regsync's file in the repository is the one of the code", async () => {
  const path = new URL("../../schema/regsync.schema.json", import.meta.url);
  strictEqual(
    await Deno.readTextFile(path),
    jsonSchemaOf(file, "regsync configuration"),
    "run `regkit regsync schema > schema/regsync.schema.json`",
  );
});
