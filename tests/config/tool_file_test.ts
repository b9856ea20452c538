import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { regbotFile } from "../../src/config/regbot.ts";
import { credsOf, openFile } from "../../src/config/tool_file.ts";

const env = (name: string) => name === "PASS" ? "secret" : undefined;

Deno.test("openFile() takes what is missing for the first version, and refuses later ones at their place", () => {
  strictEqual(openFile(regbotFile, "").version, 1);
  strictEqual(openFile(regbotFile, "version: -1").version, -1);
  throws(
    () => openFile(regbotFile, "x-a: b\nversion: 2\n", { file: "f.yml" }),
    {
      code: "config",
      message:
        'f.yml:2:10: version: unsupported config version; found "2"; expected 1',
    },
  );
});

Deno.test("credsOf() expands the keys that it is given, and no others", () => {
  const text = `creds: [{registry: '{{"r"}}', pass: '{{env "PASS"}}'}]\n`;
  const opened = openFile(regbotFile, text, { env });
  const of = (...keys: Parameters<typeof credsOf>[1]) =>
    credsOf(opened, keys).map(({ registry, pass }) => [registry, pass]);
  deepStrictEqual(of("pass"), [['{{"r"}}', "secret"]]);
  deepStrictEqual(of("registry", "pass"), [["r", "secret"]]);
});

Deno.test("credsOf() says in which entry a template fails", () => {
  const text = "creds:\n- registry: a\n- registry: b\n  pass: '{{'\n";
  throws(
    () => credsOf(openFile(regbotFile, text, { file: "f.yml" }), ["pass"]),
    /^RegError: f\.yml:4:9: creds\[1\]\.pass: template: /,
  );
});
