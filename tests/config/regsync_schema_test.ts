import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decode } from "../../src/config/decode.ts";
import { file, step } from "../../src/config/regsync_schema.ts";
import { parseYaml } from "../../src/config/yaml.ts";

Deno.test("step accepts what each type of step needs, without a warning", () => {
  for (
    const text of [
      "source: a, target: b, type: image, platform: linux/arm64",
      "source: a, target: b, type: repository, schedule: '@daily'",
      "source: h, target: t, type: registry, repos: {allow: ['x/.*']}",
      "source: a, target: b, type: image, platforms: ['', linux/amd64]",
      "source: a, target: b, type: image, fastCopy: true, x-note: mine",
    ]
  ) {
    deepStrictEqual(decode(step, parseYaml(`{${text}}`)).warnings, [], text);
  }
});

Deno.test("every key of the file is described for editors", () => {
  const bare: string[] = [];
  const visit = (schema: unknown, path: string) => {
    if (typeof schema !== "object" || schema === null) return;
    const { properties, items, description } = schema as Record<
      string,
      unknown
    >;
    if (items) visit(items, `${path}[]`);
    for (const [key, value] of Object.entries(properties ?? {})) {
      visit(value, `${path}.${key}`);
    }
    const leaf = !items && !properties;
    if (leaf && !description && !path.endsWith("[]")) bare.push(path);
  };
  visit(file.schema, "");
  // These take their meaning from the key around them.
  deepStrictEqual(
    bare.filter((path) => !/\.(hooks|referrerFilters\[\])\./.test(path)),
    [],
  );
  strictEqual(JSON.stringify(file.schema).includes('"tagSets"'), true);
});
