import { deepStrictEqual } from "node:assert/strict";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

Deno.test("manifest head --output json prints the descriptor", async () => {
  await using b = await bench();
  const graph = await image();
  const ref = `${b.host}/a:1`;
  await b.ok(["image", "copy", await b.layout(graph), ref]);
  const { mediaType, digest, size } = graph.root;
  deepStrictEqual(
    JSON.parse(await b.ok(["manifest", "head", "--output=json", ref])),
    { mediaType, digest, size },
  );
});
