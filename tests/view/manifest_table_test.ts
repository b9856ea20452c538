import { strictEqual } from "node:assert/strict";
import { parseReference } from "../../src/registry/reference.ts";
import { renderTemplate } from "../../src/template/mod.ts";
import { manifestView } from "../../src/view/manifest.ts";
import { artifact, describeJson, image, index } from "../support/images.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

Deno.test("the table of an index names each entry with its digest", () => {
  const made = describeJson("application/vnd.oci.image.index.v1+json", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [{
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: DIGEST,
      size: 5,
      platform: { os: "linux", architecture: "amd64" },
    }],
  });
  const view = manifestView(made, {
    reference: parseReference("ghcr.io/acme/app:v1"),
  });
  strictEqual(
    renderTemplate("{{printPretty .}}", view),
    [
      "Name:        ghcr.io/acme/app:v1",
      "MediaType:   application/vnd.oci.image.index.v1+json",
      `Digest:      ${made.descriptor.digest}`,
      "             ",
      "Manifests:   ",
      "             ",
      `  Name:      ghcr.io/acme/app:v1@${DIGEST}`,
      `  Digest:    ${DIGEST}`,
      "  MediaType: application/vnd.oci.image.manifest.v1+json",
      "  Platform:  linux/amd64",
      "",
    ].join("\n"),
  );
});

Deno.test("the table of an artifact shows its type and its subject", async () => {
  const { root } = index([await image()]);
  const [made] = artifact({ subject: root }).manifests;
  const table = made === undefined
    ? ""
    : renderTemplate("{{printPretty .}}", manifestView(made));
  for (
    const label of [
      "ArtifactType:",
      "Total Size:",
      "Config:",
      "Layers:",
      "Subject:",
    ]
  ) {
    strictEqual(
      table.split("\n").some((line) => line.startsWith(label)),
      true,
      label,
    );
  }
  strictEqual(table.includes(root.digest), true);
});
