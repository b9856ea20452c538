import { rejects, strictEqual } from "node:assert/strict";
import { readBlob, resolveImage } from "../../src/registry/image.ts";
import { parsePlatform } from "../../src/registry/platform.ts";
import { pair } from "../support/copies.ts";
import { image, index, PLATFORMS } from "../support/images.ts";

const [first, second] = PLATFORMS;
const amd64 = await image({ platform: first! });
const arm64 = await image({ platform: second!, seed: 2 });
const nested = index([index([amd64, arm64])]);

Deno.test("resolveImage() finds the platform's image", async () => {
  const { from } = pair();
  from.fill(index([amd64, arm64]), "v1");
  const found = await resolveImage(from, "v1", { platform: second });
  strictEqual(found.descriptor.digest, arm64.root.digest);
});

Deno.test("resolveImage() says which platform is not there", async () => {
  const { from } = pair();
  from.fill(nested, "nested");
  from.fill(index([amd64]), "v1");
  const platform = parsePlatform("linux/s390x");
  await rejects(resolveImage(from, "v1", { platform }), {
    code: "not_found",
    message: "platform not found: linux/s390x",
  });
});

Deno.test("resolveImage() takes what is no index as it is", async () => {
  const { from } = pair();
  from.fill(arm64, "v1");
  const found = await resolveImage(from, "v1", { platform: first });
  strictEqual(found.descriptor.digest, arm64.root.digest);
});

Deno.test("readBlob() refuses what is too large before it asks", async () => {
  const { source, from } = pair();
  from.fill(amd64);
  const [blob] = amd64.blobs;
  const node = blob!.descriptor;
  strictEqual((await readBlob(from, node)).length, node.size);
  source.calls.length = 0;
  await rejects(readBlob(from, node, { limit: 1 }), { code: "limit" });
  strictEqual(source.calls.length, 0);
});
