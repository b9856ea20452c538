import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { asksForImage, withImage } from "../../src/view/index_image.ts";
import { manifestView } from "../../src/view/manifest.ts";
import { type Graph, image, index, type Made } from "../support/images.ts";

const top = (graph: Graph) => {
  const made: Made | undefined = graph.manifests.at(-1);
  if (made === undefined) throw new Error("No manifest");
  return manifestView({ descriptor: made.descriptor, bytes: made.bytes });
};
const one = await image();
const list = index([one], { annotations: { a: "index" } });

Deno.test("asksForImage() is true for what only an image has", () => {
  const asks = [
    "{{.Layers}}",
    "{{range .Layers}}{{end}}",
    "{{.Config.Digest}}",
    "{{.Manifests}}",
    "{{.Bogus}}",
    "{{json .}}",
  ]
    .map((text) => asksForImage(text, top(list)));
  deepStrictEqual(asks, [true, true, true, false, false, false]);
  strictEqual(asksForImage("{{.Manifests}}", top(one)), false);
});

Deno.test("withImage() adds the image's fields below the index's own", () => {
  const view = withImage(top(list), top(one));
  strictEqual(
    renderTemplate(
      "{{len .Layers}} {{len .Manifests}} {{.Annotations}} {{.GetDigest}} {{.MediaType}}",
      view,
    ),
    `2 1 map[a:index] ${list.root.digest} application/vnd.oci.image.index.v1+json`,
  );
  strictEqual(
    renderTemplate("{{json .}}{{printPretty .}}", view),
    renderTemplate("{{json .}}{{printPretty .}}", top(list)),
  );
  throws(
    () => renderTemplate("{{.Bogus}}", view),
    /can't evaluate field Bogus in type \*manifest\.oci1Index/,
  );
});
