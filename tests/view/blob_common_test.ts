import { strictEqual } from "node:assert/strict";
import { pointerTo, renderTemplate, wrap } from "../../src/template/mod.ts";
import { BLOB_COMMON } from "../../src/view/blob_common.ts";
import { describeJson } from "../support/images.ts";

Deno.test("a blob tells what its descriptor and its headers say", () => {
  const { descriptor } = describeJson("text/plain", {});
  const view = wrap(pointerTo(BLOB_COMMON), {
    descriptor,
    headers: new Headers({ "x-a": "1" }),
  });
  strictEqual(
    renderTemplate(
      "{{.Digest}} {{.Length}} {{.MediaType}} {{.RawHeaders}} {{.Response}}",
      view,
    ),
    `${descriptor.digest} 2 text/plain map[X-A:[1]] <nil>`,
  );
});
