import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { image, sha256 } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

async function withImage() {
  const b = await bench();
  const graph = await image();
  const layout = await b.layout(graph);
  await b.ok(["image", "copy", layout, `${b.host}/a:1`]);
  const [first] = graph.blobs;
  if (!first) throw new Error("an image without blobs");
  return { b, blob: first, layout };
}

Deno.test("blob get gives the bytes, from a registry and from a layout", async () => {
  const { b, blob, layout } = await withImage();
  await using _b = b;
  const { digest } = blob.descriptor;
  for (const repository of [`${b.host}/a`, layout]) {
    const { exit, stdoutBytes } = await b.run([
      "layer",
      "pull",
      repository,
      digest,
    ]);
    strictEqual(exit, 0);
    deepStrictEqual(stdoutBytes, new Uint8Array(blob.bytes));
  }
  const raw = await b.ok([
    "blob",
    "get",
    `${b.host}/a`,
    digest,
    "--format=raw-headers",
  ]);
  match(raw, new RegExp(`^Content-Length: ${blob.bytes.length}$`, "m"));
});

Deno.test("blob get says so when the bytes are others", async () => {
  const { b, blob } = await withImage();
  await using _b = b;
  b.registry.faults.push({ path: /\/blobs\//, corrupt: true });
  const { exit, stderr } = await b.run([
    "blob",
    "get",
    `${b.host}/a`,
    blob.descriptor.digest,
  ]);
  strictEqual(exit, 1);
  match(stderr, /^error: .*digest mismatch/);
});

Deno.test("blob head prints headers, and none for a layout", async () => {
  const { b, blob, layout } = await withImage();
  await using _b = b;
  const { digest, size } = blob.descriptor;
  const head = (...argv: string[]) => b.ok(["blob", "head", ...argv, digest]);
  match(
    await head(`${b.host}/a`),
    new RegExp(`^Content-Length: ${size}$`, "m"),
  );
  strictEqual(await head(layout), "");
  strictEqual(JSON.parse(await head("--output=json", layout)).size, size);
  const missing = await b.run([
    "blob",
    "head",
    layout,
    sha256(new Uint8Array()),
  ]);
  strictEqual(missing.exit, 1);
});

Deno.test("blob put prints the digest of what it stored", async () => {
  await using b = await bench();
  const bytes = new TextEncoder().encode("hello");
  const put = (...argv: string[]) =>
    b.run(["blob", "put", `${b.host}/a`, ...argv], { stdin: bytes });
  strictEqual((await put()).stdout, `${sha256(bytes)}\n`);
  strictEqual(
    (await put("--output", "json")).stdout,
    `{\n  "Digest": "${sha256(bytes)}",\n  "Size": 5\n}\n`,
  );
  const sha512 = `sha512:${"0".repeat(128)}`;
  const wrong = await put("--digest", sha512);
  strictEqual(wrong.exit, 1);
  match(
    wrong.stderr,
    /digest mismatch \[expected sha512:0+, calculated sha512:9b71/,
  );
  strictEqual((await put("--digest", "bogus")).exit, 2);
  b.registry.take();
  const dry = await put("--dry-run");
  strictEqual(
    dry.stdout,
    `would push blob ${sha256(bytes)} (5 bytes) to ${b.host}/a\n`,
  );
  deepStrictEqual(b.registry.take(), []);
});

Deno.test("blob copy mounts within a registry and sends to a layout", async () => {
  const { b, blob } = await withImage();
  await using _b = b;
  const { digest } = blob.descriptor;
  const copy = (target: string) =>
    b.ok(["blob", "copy", `${b.host}/a`, target, digest]);
  b.registry.take();
  strictEqual(await copy(`${b.host}/b`), "");
  ok(b.registry.take().some((line) => /^POST .*mount=/.test(line)));
  await b.ok(["blob", "head", `${b.host}/b`, digest]);
});

Deno.test("blob delete deletes, once", async () => {
  const { b, blob } = await withImage();
  await using _b = b;
  const argv = ["blob", "rm", `${b.host}/a`, blob.descriptor.digest];
  strictEqual(
    await b.ok([...argv, "--dry-run"]),
    `would delete blob ${blob.descriptor.digest} of ${b.host}/a\n`,
  );
  await b.ok(argv);
  strictEqual((await b.run(argv)).exit, 1);
});

Deno.test("a digest that is none is refused before anything is sent", async () => {
  await using b = await bench();
  for (const digest of ["bogus", "sha256:abc", `md5:${"0".repeat(32)}`]) {
    const { exit, stderr } = await b.run([
      "blob",
      "get",
      `${b.host}/a`,
      digest,
    ]);
    strictEqual(exit, 2, digest);
    match(
      stderr,
      /^error: .*(invalid checksum digest|unsupported digest algorithm)/,
    );
  }
  deepStrictEqual(b.registry.take(), []);
});
