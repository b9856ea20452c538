import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

Deno.test("completion lists registries, repositories, tags and platforms", async () => {
  await using b = await bench();
  const source = await b.layout(await image());
  for (const name of ["a/x:v1", "a/x:v2", "b:v1"]) {
    await b.ok(["image", "copy", source, `${b.host}/${name}`]);
  }
  const complete = async (...words: string[]) =>
    (await b.ok(["__completeNoDesc", "--", ...words])).trimEnd().split("\n")
      .slice(0, -1);
  deepStrictEqual(await complete("registry", "set", ""), [b.host]);
  deepStrictEqual(await complete("tag", "ls", b.host.slice(0, 4)), [
    `${b.host}/`,
  ]);
  deepStrictEqual(await complete("tag", "ls", `${b.host}/a`), [
    `${b.host}/a/x`,
  ]);
  deepStrictEqual(await complete("image", "digest", `${b.host}/a/x:`), [
    `${b.host}/a/x:v1`,
    `${b.host}/a/x:v2`,
  ]);
  deepStrictEqual(await complete("image", "digest", source.slice(0, -1)), [
    source,
  ]);
  deepStrictEqual(await complete("image", "digest", "-p", "linux/s"), [
    "linux/s390x",
  ]);
});

Deno.test("completion lists the media types that are in use", async () => {
  await using b = await bench();
  const lists: readonly (readonly [string, string])[] = [
    ["manifest put -t", "application/vnd.oci.image.index.v1+json"],
    ["artifact put -m", "application/octet-stream"],
    ["artifact get -m", "application/tar+gzip"],
    ["artifact put --config-type", "application/vnd.oci.empty.v1+json"],
  ];
  for (const [line, type] of lists) {
    const words = ["__completeNoDesc", "--", ...line.split(" "), "app"];
    const said = await b.ok(words);
    strictEqual(said.split("\n").includes(type), true, said);
  }
});

Deno.test("completion keeps quiet when a registry fails", async () => {
  await using b = await bench({ faults: [{ status: 500 }] });
  const { exit, stdout, stderr } = await b.run([
    "__complete",
    "--",
    "tag",
    "ls",
    `${b.host}/a`,
  ]);
  deepStrictEqual([exit, stdout], [0, ":4\n"]);
  strictEqual(stderr, "");
});
