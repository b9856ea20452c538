import { strictEqual, throws } from "node:assert/strict";
import { parseReference } from "../../src/registry/reference.ts";
import { renderTemplate } from "../../src/template/mod.ts";
import { manifestResult, manifestView } from "../../src/view/manifest.ts";
import {
  artifact,
  describeJson,
  type Graph,
  image,
  index,
} from "../support/images.ts";

function view(graph: Graph) {
  const [made] = graph.manifests.slice(-1);
  if (made === undefined) throw new Error("No manifest");
  return manifestView({ descriptor: made.descriptor, bytes: made.bytes }, {
    reference: parseReference("ghcr.io/acme/app:v1"),
  });
}

Deno.test("an image has its fields, its own methods and those of all kinds", async () => {
  const graph = await image();
  const shown = renderTemplate(
    "{{.GetMediaType}} {{len .Layers}} {{eq .Config.Digest .GetConfigDigest}} {{.GetRef.Tag}} {{.IsList}} {{.IsSet}}",
    view(graph),
  );
  strictEqual(
    shown,
    "application/vnd.oci.image.manifest.v1+json 2 true v1 false true",
  );
});

Deno.test("JSON of a manifest is its body, whatever is in it", () => {
  const made = describeJson("application/vnd.oci.image.index.v1+json", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    unknown: "<&>",
    manifests: [],
  });
  strictEqual(
    renderTemplate("{{json .}}", manifestView(made)),
    `${new TextDecoder().decode(made.bytes)}\n`,
  );
});

Deno.test("a manifest refuses what its kind does not have", async () => {
  const list = view(index([await image()]));
  throws(
    () => renderTemplate("{{.GetConfig}}", list),
    /error calling GetConfig: config digest not available for media type application\/vnd\.oci\.image\.index/,
  );
  throws(
    () => renderTemplate("{{.Layers}}", list),
    /can't evaluate field Layers in type \*manifest\.oci1Index/,
  );
  throws(
    () => renderTemplate("{{.GetPlatformList}}", view(artifact())),
    /platform list not available/,
  );
});

Deno.test("GetPlatformDesc finds the entry for a platform", async () => {
  const list = view(
    index([
      await image(),
      await image({ platform: { os: "linux", architecture: "s390x" } }),
    ]),
  );
  strictEqual(
    renderTemplate(
      "{{range .GetPlatformList}}{{($.GetPlatformDesc .).Platform}} {{end}}",
      list,
    ),
    "linux/amd64 linux/s390x ",
  );
  throws(
    () => renderTemplate("{{.GetPlatformDesc nil}}", list),
    /invalid input, platform is nil/,
  );
});

Deno.test("after a HEAD request there is only the descriptor", async () => {
  const { root: { mediaType, digest, size } } = await image();
  const head = manifestView({ descriptor: { mediaType, digest, size } });
  strictEqual(
    renderTemplate(
      "{{.GetDigest}} {{.IsSet}} {{.MediaType}}|{{json .}}|{{len .Layers}}",
      head,
    ),
    `${digest} false |` + "|0",
  );
  throws(
    () => renderTemplate("{{.GetLayers}}", head),
    /error calling GetLayers: manifest not set/,
  );
});

Deno.test("the manifest of Docker's first schema shows its layers", () => {
  const blobSum = `sha256:${"a".repeat(64)}`;
  const made = describeJson(
    "application/vnd.docker.distribution.manifest.v1+json",
    {
      schemaVersion: 1,
      name: "acme/app",
      tag: "v1",
      architecture: "amd64",
      fsLayers: [{ blobSum }],
      history: [{ v1Compatibility: "{}" }],
    },
  );
  strictEqual(
    renderTemplate(
      "{{.Name}}:{{.Tag}} {{range .FSLayers}}{{.BlobSum}}{{end}} {{(index .GetLayers 0).Digest}}",
      manifestView(made),
    ),
    `acme/app:v1 ${blobSum} ${blobSum}`,
  );
  throws(
    () => renderTemplate("{{.GetSize}}", manifestView(made)),
    /GetSize is not available/,
  );
});

Deno.test("manifestResult() has the manifest as a field", async () => {
  strictEqual(
    renderTemplate("{{.Manifest.IsList}}", manifestResult(view(await image()))),
    "false",
  );
});
