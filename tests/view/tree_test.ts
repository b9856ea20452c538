import { strictEqual } from "node:assert/strict";
import { parseReference } from "../../src/registry/reference.ts";
import { renderTemplate } from "../../src/template/mod.ts";
import { treeView } from "../../src/view/tree.ts";
import { describeJson } from "../support/images.ts";

const manifest = describeJson("application/vnd.oci.image.manifest.v1+json", {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "a", digest: `sha256:${"a".repeat(64)}`, size: 1 },
  layers: [],
});
const { digest } = manifest.descriptor;
const reference = parseReference("ghcr.io/acme/app:v1");

Deno.test("a tree shows children and referrers below each node", () => {
  const view = treeView({
    reference,
    manifest,
    children: [{
      reference,
      manifest,
      platform: { os: "linux", architecture: "amd64" },
      referrers: [{ reference, manifest, artifactType: "sbom" }],
    }],
    referrers: [{
      reference: parseReference("ghcr.io/acme/app:sha256-aa.sig"),
      manifest,
    }],
  });
  strictEqual(
    renderTemplate("{{printPretty .}}", view),
    `Ref: ghcr.io/acme/app:v1
Digest: ${digest}
Children:
  - ${digest} [linux/amd64]
    Referrers:
      - ${digest}: sbom
Referrers:
  - ${digest}: sha256-aa.sig
`,
  );
  strictEqual(
    renderTemplate(
      "{{range .Child}}{{.Platform}} {{.Manifest.GetDigest}}{{end}}",
      view,
    ),
    `linux/amd64 ${digest}`,
  );
});
