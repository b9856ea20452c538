import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { CREDENTIAL_TEMPLATES, Expander } from "../../src/config/expand.ts";

const places = new Map([["creds[0].user", { line: 3, column: 9 }]]);
const expander = new Expander({
  file: "f.yml",
  places,
  env: (name) => name === "U" ? "me" : undefined,
  readFile: () => "from file\n",
});

Deno.test("Expander.credential() expands the keys it is given and no others", () => {
  deepStrictEqual(
    expander.credential({
      registry: '{{ env "U" }}',
      user: '{{ env "U" }}',
      pass: '{{ file "/x" }}',
      token: "{{ literal",
    }, { path: "creds[0]", keys: CREDENTIAL_TEMPLATES }),
    {
      registry: '{{ env "U" }}',
      user: "me",
      pass: "from file",
      token: "{{ literal",
    },
  );
});

Deno.test("Expander.expand() names the place of a broken template, the start where it is unknown", () => {
  throws(() => expander.expand("{{", { path: "creds[0].user" }), {
    code: "config",
    message:
      /^f\.yml:3:9: creds\[0\]\.user: template: out:1: .*; found "\{\{"$/,
  });
  throws(
    () => expander.expand("{{", { path: "x" }),
    /^RegError: f\.yml:1:1: x/,
  );
  strictEqual(expander.expand("plain", { path: "x" }), "plain");
});
