import { match, ok, strictEqual } from "node:assert/strict";
import { image, multiPlatform } from "../../../support/images.ts";
import { bench } from "../../../support/regctl.ts";

async function withImage() {
  const b = await bench();
  const ref = `${b.host}/a:1`;
  await b.ok(["image", "copy", await b.layout(await multiPlatform(2)), ref]);
  const label = async (name: string, key: string) =>
    await b.ok([
      "image",
      "inspect",
      "-p=linux/arm64",
      name,
      "--format",
      `{{index .Config.Labels "${key}"}}`,
    ]);
  return { b, ref, label };
}

Deno.test("image mod pushes by digest, over the tag or under another, and says where", async () => {
  const { b, ref, label } = await withImage();
  await using _b = b;
  const mod = (...flags: string[]) =>
    b.ok(["image", "mod", ref, "--label", "k=v", ...flags]);
  const digest = (await mod()).trim();
  match(digest, new RegExp(`^${b.host}/a@sha256:[0-9a-f]{64}$`));
  strictEqual(await label(digest, "k"), "v");
  strictEqual(await mod("--create", "new"), `${b.host}/a:new\n`);
  strictEqual(await mod("--create", `${b.host}/b:1`), `${b.host}/b:1\n`);
  strictEqual(await label(`${b.host}/b:1`, "k"), "v");
  strictEqual(await label(ref, "k"), "");
  strictEqual(await mod("--replace"), `${ref}\n`);
  strictEqual(await label(ref, "k"), "v");
});

Deno.test("image mod takes its steps in the order of the command line", async () => {
  const { b, ref, label } = await withImage();
  await using _b = b;
  await b.ok([
    "image",
    "mod",
    ref,
    "--replace",
    "--label=k=1",
    "--label=k=2",
    "--label",
    "[linux/amd64]k=",
  ]);
  strictEqual(await label(ref, "k"), "2");
});

Deno.test("image mod --create makes the tag, whether anything changed or not", async () => {
  const { b, ref } = await withImage();
  await using _b = b;
  await b.ok(["image", "mod", ref, "--create", "same"]);
  strictEqual(await b.ok(["tag", "ls", `${b.host}/a`]), "1\nsame\n");
});

Deno.test("image mod adds a folder as a layer", async () => {
  await using b = await bench();
  const ref = await b.layout(await image());
  const folder = `${b.dir}/files`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/hello.txt`, "hello");
  await b.ok([
    "image",
    "mod",
    ref,
    "--replace",
    "--layer-add",
    `dir=${folder}`,
  ]);
  strictEqual(await b.ok(["image", "get-file", ref, "hello.txt"]), "hello");
});

Deno.test("image mod dates new history as SOURCE_DATE_EPOCH says, so that the digest stays", async () => {
  await using b = await bench();
  const ref = await b.layout(await image());
  await Deno.mkdir(`${b.dir}/empty`);
  const env = { SOURCE_DATE_EPOCH: "1700000000" };
  const words = [
    "image",
    "mod",
    ref,
    "--create=m",
    `--layer-add=dir=${b.dir}/empty`,
  ];
  await b.ok(words, { env });
  const config = JSON.parse(
    await b.ok(["image", "inspect", ref.replace(/v1$/, "m")]),
  );
  strictEqual(config.history.at(-1).created, "2023-11-14T22:13:20Z");
});

Deno.test("image mod --dry-run changes nothing and refuses what a run would", async () => {
  const { b, ref } = await withImage();
  await using _b = b;
  b.registry.take();
  const stdout = await b.ok([
    "image",
    "mod",
    ref,
    "--replace",
    "--label=k=v",
    "--dry-run",
  ]);
  match(stdout, /would put manifest sha256:\S+ to \S+ as tag 1\n$/);
  ok(b.registry.take().every((line) => /^(GET|HEAD) /.test(line)));
  const { exit, stderr } = await b.run([
    "image",
    "mod",
    ref,
    "--create",
    "bad tag",
  ]);
  strictEqual(exit, 2);
  match(stderr, /^error: invalid tag "bad tag"/);
});
