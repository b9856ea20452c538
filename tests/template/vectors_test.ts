import { deepStrictEqual, match } from "node:assert/strict";
import { report } from "../../scripts/template_vectors.ts";
import { runVectors } from "../../scripts/template_vectors/run_vector.ts";

const FILES = [
  "go-template-vectors.json",
  "go-template-generated.json",
  "go-template-listed.json",
];

for (const name of FILES) {
  Deno.test(`Template prints what Go printed for ${name}`, () => {
    const path = new URL(`testdata/${name}`, import.meta.url);
    const results = runVectors(JSON.parse(Deno.readTextFileSync(path)));
    const failed = results.filter(({ problem }) => problem !== undefined)
      .map(({ vector, problem }) => `${vector.name}: ${problem}`);
    deepStrictEqual(failed, []);
    const [untaggedLine = "", taggedLine = ""] = report(results).slice(-2);
    match(untaggedLine, /^untagged \d+ of \d+$/);
    match(taggedLine, /^tagged \d+ of \d+$/);
  });
}
