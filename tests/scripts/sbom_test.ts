import {
  deepStrictEqual,
  match,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import { bom, componentsOf, importedBySources } from "../../scripts/sbom.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (name: string) =>
  JSON.parse(Deno.readTextFileSync(new URL(name, ROOT)));
const SUM = `sha512-${btoa("a sum")}`;

Deno.test("componentsOf() follows dependencies, and no others", () => {
  const lock = {
    specifiers: { "npm:a@1.0.0": "1.0.0_c@3.0.0" },
    npm: {
      "a@1.0.0_c@3.0.0": { integrity: SUM, dependencies: ["@s/b"] },
      "@s/b@2.0.0": { integrity: SUM, dependencies: ["a"] },
      "c@3.0.0": { integrity: SUM },
    },
  };
  const found = componentsOf(lock, ["a"], { a: "npm:a@1.0.0" });
  deepStrictEqual(
    [...found.values()].map(({ name, version }) => `${name} ${version}`),
    ["a 1.0.0", "@s/b 2.0.0"],
  );
  throws(() => componentsOf(lock, ["d"], {}), /d is not in deno.json/);
});

Deno.test("bom() of the program is whole and has no tools in it", async () => {
  const { imports } = read("deno.json");
  const imported = await importedBySources(Object.keys(imports));
  const components = componentsOf(read("deno.lock"), imported, imports);
  const names = [...components.values()].map(({ name }) => name);
  ok(names.includes("undici") && names.includes("yaml"), names.join());
  ok(!names.includes("esbuild") && !names.includes("fast-check"));
  const document = bom(components);
  const refs = new Set(document.components.map((one) => one["bom-ref"]));
  strictEqual(refs.size, components.size);
  for (const { dependsOn } of document.dependencies) {
    ok(dependsOn.every((ref) => refs.has(ref)), dependsOn.join());
  }
  for (const { hashes: [hash] } of document.components) {
    match(hash?.content ?? "", /^[0-9a-f]{128}$/);
  }
});
