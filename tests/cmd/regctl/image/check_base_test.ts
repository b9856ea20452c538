import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { image } from "../../../support/images.ts";
import { bench } from "../../../support/regctl.ts";

Deno.test("image check-base says whether the base has changed, by its status too", async () => {
  await using b = await bench();
  const base = await image({ seed: 1 });
  const ref = `${b.host}/base:1`;
  await b.ok(["image", "copy", await b.layout(base), ref]);
  const check = async (...flags: string[]) => {
    const { exit, stdout, stderr } = await b.run([
      "image",
      "check-base",
      ref,
      "--base",
      ref,
      ...flags,
    ]);
    strictEqual(stderr, "");
    return [exit, stdout];
  };
  deepStrictEqual(await check("--digest", base.root.digest), [
    0,
    "base image matches\n",
  ]);
  const other = `sha256:${"0".repeat(64)}`;
  deepStrictEqual(await check("--digest", other), [
    1,
    "base image has changed\n",
  ]);
  deepStrictEqual(await check("--digest", other, "--quiet"), [1, ""]);
  const [exit, text] = await check("--digest", other, "--output=json");
  const { matches, difference } = JSON.parse(String(text));
  deepStrictEqual([exit, matches, typeof difference], [1, false, "string"]);
});

Deno.test("image check-base fails in words where no base is known", async () => {
  await using b = await bench();
  const { exit, stderr } = await b.run([
    "image",
    "check-base",
    await b.layout(await image()),
  ]);
  strictEqual(exit, 1);
  strictEqual(/^error: .*base/.test(stderr), true, stderr);
});
