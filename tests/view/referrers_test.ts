import { strictEqual } from "node:assert/strict";
import { parseReference } from "../../src/registry/reference.ts";
import { renderTemplate } from "../../src/template/mod.ts";
import { referrerListView } from "../../src/view/referrers.ts";
import { artifact } from "../support/images.ts";

const subject = parseReference(`ghcr.io/acme/app@sha256:${"a".repeat(64)}`);

Deno.test("referrers have descriptors, and a table that names each", () => {
  const { root } = artifact();
  const source = parseReference("ghcr.io/acme/notes:v1");
  const view = referrerListView({
    subject,
    source,
    descriptors: [{ ...root, artifactType: "t" }],
  });
  strictEqual(
    renderTemplate(
      "{{.IsEmpty}} {{(index .Descriptors 0).ArtifactType}} {{.Source.Repository}}",
      view,
    ),
    "false t acme/notes",
  );
  const lines = renderTemplate("{{printPretty .}}", view).split("\n").map((
    line,
  ) => line.trimEnd());
  strictEqual(lines[0]?.startsWith("Subject:"), true);
  strictEqual(
    lines.includes(`  Name:         ghcr.io/acme/notes@${root.digest}`),
    true,
  );
});

Deno.test("the answer gives annotations and the tag that held the list", () => {
  const bytes = new TextEncoder().encode(
    '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
  );
  const view = referrerListView({
    subject,
    descriptors: [],
    referrers: {
      descriptors: [],
      annotations: { a: "b" },
      bytes,
      fallbackTag: "sha256-aa",
      digestTags: ["sha256-aa.sig"],
    },
  });
  strictEqual(
    renderTemplate(
      "{{.IsEmpty}} {{.Annotations}} {{.Tags}} {{.Manifest.IsList}}",
      view,
    ),
    "true map[a:b] [sha256-aa sha256-aa.sig] true",
  );
});

Deno.test("without an answer there are no annotations and no tags", () => {
  const view = referrerListView({ subject, descriptors: [] });
  strictEqual(
    renderTemplate("{{json .Annotations}}{{json .Tags}}", view),
    "null\nnull\n",
  );
});
