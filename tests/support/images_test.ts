import {
  deepStrictEqual,
  notStrictEqual,
  strictEqual,
} from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  artifact,
  bigBytes,
  bigDigest,
  image,
  multiPlatform,
} from "./images.ts";

Deno.test("image() gives the same bytes for the same options, others for others", async () => {
  strictEqual((await image()).root.digest, (await image()).root.digest);
  const others = [
    await image({ seed: 2 }),
    await image({ family: "docker" }),
    await image({ layers: 3 }),
    await image({ subject: (await image()).root }),
  ];
  for (const other of others) {
    notStrictEqual(other.root.digest, (await image()).root.digest);
  }
});

Deno.test("image() names its layers by what they hold", async () => {
  const { manifests, blobs } = await image();
  const text = new TextDecoder();
  const manifest = JSON.parse(text.decode(manifests[0]?.bytes));
  const config = JSON.parse(text.decode(
    blobs.find(({ descriptor }) => descriptor.digest === manifest.config.digest)
      ?.bytes,
  ));
  for (const [at, { digest }] of manifest.layers.entries()) {
    const blob = blobs.find(({ descriptor }) => descriptor.digest === digest);
    const tar = await new Response(
      new Blob([blob?.bytes ?? new Uint8Array()]).stream()
        .pipeThrough(new DecompressionStream("gzip")),
    ).bytes();
    strictEqual(
      `sha256:${createHash("sha256").update(tar).digest("hex")}`,
      config.rootfs.diff_ids[at],
    );
  }
});

Deno.test("multiPlatform() and artifact() list what they reach, children first", async () => {
  const four = await multiPlatform(4);
  strictEqual(four.manifests.length, 5);
  strictEqual(four.manifests.at(-1)?.descriptor.digest, four.root.digest);
  strictEqual(four.blobs.length, 4 * 3);
  const { root, manifests } = artifact({ subject: four.root });
  const manifest = JSON.parse(new TextDecoder().decode(manifests[0]?.bytes));
  deepStrictEqual(manifest.subject, four.root);
  strictEqual(root.size, manifests[0]?.bytes.length);
});

Deno.test("bigBytes() has the digest that bigDigest() says", () => {
  const hash = createHash("sha256");
  let size = 0;
  for (const piece of bigBytes(2)) {
    hash.update(piece);
    size += piece.length;
  }
  strictEqual(size, 2 * 1024 * 1024);
  strictEqual(bigDigest(2), `sha256:${hash.digest("hex")}`);
});
