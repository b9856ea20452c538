import { match, strictEqual } from "node:assert/strict";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

Deno.test("blob diff-config and diff-layer show what differs, an empty line where nothing does", async () => {
  await using b = await bench();
  const config = async (seed: number) => {
    const graph = await image({ seed });
    const layout = await b.layout(graph);
    const [layer = ""] = (await b.ok([
      "image",
      "manifest",
      layout,
      "--format",
      "{{range .Layers}}{{println .Digest}}{{end}}",
    ])).split("\n");
    const digest = await b.ok([
      "image",
      "manifest",
      layout,
      "--format",
      "{{.Config.Digest}}",
    ]);
    return { layout, digest, layer };
  };
  const [x, y] = [await config(1), await config(2)];
  const diff = (command: string, ...argv: string[]) =>
    b.ok(["blob", command, ...argv]);
  match(
    await diff(
      "diff-config",
      x.layout,
      x.digest,
      y.layout,
      y.digest,
      "--context=0",
    ),
    /^@@ -\d+,1 \+\d+,1 @@\n- .*\n\+ /,
  );
  strictEqual(
    await diff("diff-config", x.layout, x.digest, x.layout, x.digest),
    "\n",
  );
  match(
    await diff("diff-layer", x.layout, x.layer, y.layout, y.layer),
    /^@@ .*\n[- ] -rw.* sha256:[0-9a-f]{64}\n/,
  );
  strictEqual(
    (await diff(
      "diff-layer",
      x.layout,
      x.layer,
      y.layout,
      y.layer,
      "--ignore-timestamp",
    )).includes("1970"),
    false,
  );
});
