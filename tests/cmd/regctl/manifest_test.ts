import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { image, multiPlatform } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

async function withImage() {
  const b = await bench();
  const graph = await multiPlatform(2);
  await b.ok(["image", "copy", await b.layout(graph), `${b.host}/a:1`]);
  return { b, graph, ref: `${b.host}/a:1` };
}

Deno.test("image digest prints the digest of the tag, or of one platform", async () => {
  const { b, graph, ref } = await withImage();
  await using _b = b;
  strictEqual(await b.ok(["image", "digest", ref]), `${graph.root.digest}\n`);
  const { manifests } = JSON.parse(
    new TextDecoder().decode(graph.manifests.at(-1)?.bytes),
  );
  strictEqual(
    await b.ok(["manifest", "head", "-p", "linux/arm64", ref]),
    `${
      manifests.find((m: { platform: { architecture: string } }) =>
        m.platform.architecture === "arm64"
      ).digest
    }\n`,
  );
});

Deno.test("manifest head needs no more than a HEAD request", async () => {
  const { b, ref } = await withImage();
  await using _b = b;
  b.registry.take();
  await b.ok(["manifest", "head", ref]);
  deepStrictEqual(b.registry.take(), ["HEAD /v2/a/manifests/1"]);
});

Deno.test("image manifest prints JSON indented, or the body as it came", async () => {
  const { b, graph, ref } = await withImage();
  await using _b = b;
  const body = new TextDecoder().decode(graph.manifests.at(-1)?.bytes);
  strictEqual(
    await b.ok(["image", "manifest", ref]),
    `${JSON.stringify(JSON.parse(body), null, 2)}\n`,
  );
  strictEqual(
    await b.ok(["image", "manifest", ref, "--format=raw-body"]),
    body,
  );
});

Deno.test("manifest get refuses a platform together with a list", async () => {
  await using b = await bench();
  const { exit, stderr } = await b.run([
    "manifest",
    "get",
    "a",
    "-p=local",
    "--require-list",
  ]);
  strictEqual(exit, 2);
  match(stderr, /cannot request a platform and require-list simultaneously/);
});

Deno.test("manifest put stores the bytes as they are", async () => {
  const { b, graph } = await withImage();
  await using _b = b;
  const stdin = graph.manifests.at(-1)?.bytes ?? new Uint8Array();
  strictEqual(
    await b.ok(["manifest", "put", "--by-digest", `${b.host}/a:new`], {
      stdin,
    }),
    `${graph.root.digest}\n`,
  );
  strictEqual(await b.ok(["tag", "ls", `${b.host}/a`]), "1\n");
  strictEqual(
    await b.ok(["manifest", "put", `${b.host}/a:new`], { stdin }),
    "",
  );
  strictEqual(
    await b.ok(["image", "digest", `${b.host}/a:new`]),
    `${graph.root.digest}\n`,
  );
});

Deno.test("manifest put refuses nothing, and a digest that is another's", async () => {
  await using b = await bench();
  const put = (ref: string, stdin: string) =>
    b.run(["manifest", "put", ref], { stdin });
  strictEqual((await put(`${b.host}/a:1`, "")).exit, 1);
  const graph = await image();
  const { stderr } = await put(
    `${b.host}/a@sha256:${"0".repeat(64)}`,
    new TextDecoder().decode(graph.manifests.at(-1)?.bytes),
  );
  match(
    stderr,
    /^error: manifest digest mismatch, expected sha256:0{64}, computed /,
  );
  deepStrictEqual(b.registry.take(), []);
});

Deno.test("image delete wants a digest, or to be told to follow the tag", async () => {
  const { b, graph, ref } = await withImage();
  await using _b = b;
  const layout = `ocidir://${b.dir}/copy`;
  await b.ok(["image", "copy", ref, `${layout}:1`]);
  const refused = await b.run(["image", "delete", ref]);
  strictEqual(refused.exit, 2);
  match(
    refused.stderr,
    /^error: digest required to delete manifest, reference .*\nhint: .*--force-tag-dereference/,
  );
  const dry = await b.ok([
    "manifest",
    "rm",
    "--dry-run",
    "--force-tag-dereference",
    `${layout}:1`,
  ]);
  strictEqual(
    dry,
    `would delete manifest ${graph.root.digest} of ${layout}\n`,
  );
  await b.ok(["image", "delete", `${layout}@${graph.root.digest}`]);
  strictEqual((await b.run(["image", "digest", `${layout}:1`])).exit, 1);
  strictEqual(
    (await b.run(["image", "delete", `${layout}@${graph.root.digest}`])).exit,
    1,
  );
  await b.ok([
    "image",
    "delete",
    "--ignore-missing",
    `${layout}@${graph.root.digest}`,
  ]);
});
