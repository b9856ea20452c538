import { deepStrictEqual } from "node:assert/strict";
import plugin from "../../scripts/lint_plugin.ts";

const root = new URL("../../", import.meta.url).pathname;

/** The rules that a source text breaks, as a file at `path`. */
function broken(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, root + path, source)
    .map((found) => found.id.replace("regkit/", ""));
}

const cases: readonly (readonly [
  rule: string,
  path: string,
  bad: string,
  good: string,
])[] = [
  ["no-bare-timer", "src/a.ts", "setTimeout(f, 1);", "sleep(1, { signal });"],
  ["no-bare-timer", "src/a.ts", "setInterval(f, 1);", "clearTimeout(t);"],
  ["no-default-export", "src/a.ts", "export default 1;", "export const a = 1;"],
  ["no-console", "src/a.ts", "console.log(1);", "io.out.write(1);"],
  ["no-double-cast", "tests/a.ts", "b as unknown as A;", "b as A;"],
  ["no-exit", "src/cli/a.ts", "Deno.exit(1);", "Deno.cwd();"],
  ["no-exit", "src/cli/a.ts", "Deno.exitCode = 1;", "io.exitCode = 1;"],
  [
    "no-runtime-in-library",
    "src/registry/a.ts",
    "Deno.readFileSync(p);",
    "let client: Deno.HttpClient;",
  ],
  [
    "error-text",
    "src/a.ts",
    `new RegError("http", "Cannot read.");`,
    `new RegError("http", "Cannot read");`,
  ],
  [
    "error-text",
    "src/a.ts",
    "new RegError('http', `Can't read ${name}`);",
    "new RegError('http', `Cannot read ${name}`);",
  ],
  ["no-polling", "tests/a.ts", "setInterval(f, 1);", "await done;"],
];

for (const [rule, path, bad, good] of cases) {
  Deno.test(`${rule} reports ${bad} and accepts ${good}`, () => {
    deepStrictEqual(broken(path, bad), [rule]);
    deepStrictEqual(broken(path, good), []);
  });
}

Deno.test("rules hold only in their place", () => {
  deepStrictEqual(broken("src/base/sleep.ts", "setTimeout(f, 1);"), []);
  deepStrictEqual(broken("tests/a.ts", "console.log(1); setTimeout(f);"), []);
  deepStrictEqual(broken("src/main.ts", "Deno.exit(1);"), []);
  deepStrictEqual(
    broken("src/registry/http/fetch_client.ts", "Deno.createHttpClient({});"),
    [],
  );
});
