import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { keyValues } from "../../../src/cmd/regctl/push_result.ts";
import { bench } from "../../support/regctl.ts";

Deno.test("keyValues() splits at the first equals sign", () => {
  deepStrictEqual(keyValues(["a=b=c", "d", "e="]), { a: "b=c", d: "", e: "" });
});

Deno.test("what is pushed by digest prints the digest, and has no tag", async () => {
  await using b = await bench();
  const digest = await b.ok([
    "index",
    "create",
    `${b.host}/a:1`,
    "--by-digest",
  ]);
  match(digest, /^sha256:[0-9a-f]{64}\n$/);
  strictEqual(await b.ok(["tag", "ls", `${b.host}/a`]), "");
  const ref = `${b.host}/a@${digest.trim()}`;
  match(await b.ok(["index", "delete", ref]), /^sha256:/);
  strictEqual(
    await b.ok([
      "index",
      "create",
      `${b.host}/a:1`,
      "--format",
      "{{.Manifest.GetMediaType}}",
    ]),
    "application/vnd.oci.image.index.v1+json",
  );
});
