import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { parseReference } from "../../src/registry/reference.ts";
import { renderTemplate, wrap } from "../../src/template/mod.ts";
import { REF, referenceOf, referenceView } from "../../src/view/reference.ts";

const run = (text: string, reference = "ghcr.io/acme/app:v1") =>
  renderTemplate(text, referenceView(parseReference(reference)));

Deno.test("a reference has fields, and methods that give another one", () => {
  strictEqual(
    run("{{.Registry}} {{.Repository}} {{.Tag}} {{.CommonName}}"),
    "ghcr.io acme/app v1 ghcr.io/acme/app:v1",
  );
  strictEqual(
    run(
      '{{(.SetTag "x").CommonName}} {{(.AddDigest "sha256:ab").Reference}} {{.Tag}}',
    ),
    "ghcr.io/acme/app:x ghcr.io/acme/app:v1@sha256:ab v1",
  );
  strictEqual(
    run("{{.ToReg.Registry}} {{.ToReg.Path}}", "ocidir://a/b"),
    "localhost a/b",
  );
  strictEqual(run("{{.IsSet}} {{.IsSetRepo}} {{.IsZero}}"), "true true false");
});

Deno.test("the zero reference has no name", () => {
  strictEqual(
    renderTemplate("{{.CommonName}}|{{.IsZero}}|{{.}}", wrap(REF, null)),
    "|true|{      }",
  );
});

Deno.test("referenceOf() gives back what the view shows", () => {
  const reference = parseReference("ocidir://a:v1");
  deepStrictEqual(referenceOf(referenceView(reference)), reference);
});
