import { strictEqual } from "node:assert/strict";
import { nodeText } from "../../src/template/node.ts";
import { parseTemplate } from "../../src/template/parser.ts";

Deno.test("nodeText() writes nodes as Go's messages show them", () => {
  for (
    const [text, shown] of [
      ["{{$x   :=  (f 1).A.B | g `r` 'c'}}", "{{$x := (f 1).A.B | g `r` 'c'}}"],
      ["{{range  $i,$e := .L.M}}{{end}}", "{{range $i, $e := .L.M}}"],
      ["{{template  `a`  .}}", '{{template "a" .}}'],
      ["{{f true nil .}}", "{{f true nil .}}"],
    ]
  ) {
    const { trees } = parseTemplate(text ?? "", { hasFunction: () => true });
    const [node] = trees.get("out") ?? [];
    strictEqual(node && nodeText(node), shown);
  }
});
