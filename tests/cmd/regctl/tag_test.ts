import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

async function withTags(...tags: string[]) {
  const b = await bench();
  const source = await b.layout(await image());
  for (const tag of tags) {
    await b.ok(["image", "copy", source, `${b.host}/a:${tag}`]);
  }
  return b;
}

Deno.test("tag ls prints tags by their bytes, one a line", async () => {
  await using b = await withTags("v2", "v10", "B", "a");
  strictEqual(await b.ok(["tag", "ls", `${b.host}/a`]), "B\na\nv10\nv2\n");
});

Deno.test("tag ls keeps and leaves out whole names", async () => {
  const digestTag = `sha256-${"0".repeat(64)}.sig`;
  await using b = await withTags("v1", "v1.1", "w1", digestTag);
  const ls = (...flags: string[]) =>
    b.ok(["tag", "ls", `${b.host}/a`, ...flags]);
  strictEqual(await ls("--include", "v.*"), "v1\nv1.1\n");
  strictEqual(await ls("--include", "v|w1"), "w1\n");
  strictEqual(await ls("--include=.*1", "--exclude=v1"), "v1.1\nw1\n");
  strictEqual(await ls("--exclude-digest-tags"), "v1\nv1.1\nw1\n");
  const { exit, stderr } = await b.run(["tag", "ls", "a", "--include", "("]);
  strictEqual(exit, 2);
  match(stderr, /^error: .*regexp/);
});

Deno.test("tag ls prints JSON, the body and the headers", async () => {
  await using b = await withTags("v1");
  const ls = (...flags: string[]) =>
    b.ok(["tag", "ls", `${b.host}/a`, ...flags]);
  deepStrictEqual(JSON.parse(await ls("--output", "json")), {
    name: "a",
    tags: ["v1"],
  });
  deepStrictEqual(JSON.parse(await ls("--format", "body")), {
    name: "a",
    tags: ["v1"],
  });
  match(
    await ls("--format", "rawHeaders"),
    /^Content-Type: application\/json$/m,
  );
  const { exit, stderr } = await b.run([
    "tag",
    "ls",
    "a",
    "--output=json",
    "--format=body",
  ]);
  strictEqual(exit, 2);
  match(stderr, /--output cannot be used together with --format/);
});

Deno.test("tag delete takes a tag away and leaves the other", async () => {
  await using b = await withTags("v1", "v2");
  const repository = `ocidir://${b.dir}/copy`;
  await b.ok(["repo", "copy", `${b.host}/a`, repository]);
  await b.ok(["tag", "rm", "--dry-run", `${repository}:v1`]);
  strictEqual(await b.ok(["tag", "ls", repository]), "v1\nv2\n");
  strictEqual(await b.ok(["tag", "delete", `${repository}:v1`]), "");
  strictEqual(await b.ok(["tag", "ls", repository]), "v2\n");
  strictEqual((await b.run(["tag", "delete", `${repository}:v1`])).exit, 1);
  await b.ok(["tag", "delete", "--ignore-missing", `${repository}:v1`]);
});
