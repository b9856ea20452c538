import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { renderTemplate, wrap } from "../../src/template/mod.ts";
import { canonicalName, HEADER, headersHost } from "../../src/view/headers.ts";

const view = wrap(
  HEADER,
  headersHost(new Headers({ "docker-content-digest": "sha256:a", "x-a": "1" })),
);

Deno.test("headers are a map of lists under canonical names", () => {
  strictEqual(
    renderTemplate("{{.}}", view),
    "map[Docker-Content-Digest:[sha256:a] X-A:[1]]",
  );
  strictEqual(
    renderTemplate(
      "{{range $key, $vals := .}}{{range $val := $vals}}{{$key}}={{$val}};{{end}}{{end}}",
      view,
    ),
    "Docker-Content-Digest=sha256:a;X-A=1;",
  );
  strictEqual(headersHost(undefined), null);
});

Deno.test("Get and Values find any spelling", () => {
  strictEqual(
    renderTemplate(
      '{{.Get "DOCKER-content-digest"}}|{{.Get "none"}}|{{.Values "x-a"}}',
      view,
    ),
    "sha256:a||[1]",
  );
  throws(
    () => renderTemplate('{{.Set "a" "b"}}', view),
    /function Set has 0 return values; should be 1 or 2/,
  );
});

Deno.test("canonicalName() leaves alone what is no name", () => {
  deepStrictEqual(
    ["content-TYPE", "www-authenticate", "a b"].map(canonicalName),
    ["Content-Type", "Www-Authenticate", "a b"],
  );
});
