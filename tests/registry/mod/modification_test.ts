import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  isForConfig,
  parseForPlatforms,
} from "../../../src/registry/mod/modification.ts";
import { loadTree } from "../../../src/registry/mod/tree.ts";
import { formatPlatform } from "../../../src/registry/platform.ts";
import { modStore } from "../../support/mod_images.ts";

Deno.test("parseForPlatforms() splits platforms from a value", () => {
  const parse = (text: string) => {
    const { value, platforms } = parseForPlatforms(text);
    return [value, ...platforms.map((platform) => formatPlatform(platform))];
  };
  deepStrictEqual(parse("name"), ["name"]);
  deepStrictEqual(parse("[linux/amd64, linux/arm64]name"), [
    "name",
    "linux/amd64",
    "linux/arm64",
  ]);
  deepStrictEqual(parse("[*]name"), ["name"]);
  deepStrictEqual(parse("[x"), ["[x"]);
  throws(() => parse("[a^b]name"));
});

Deno.test("isForConfig() matches exactly, and all where no platform is given", async () => {
  const { config } = await loadTree(await modStore(), "oci-one");
  const forPlatforms = (text: string) =>
    isForConfig(parseForPlatforms(text).platforms, config);
  strictEqual(forPlatforms("x"), true);
  strictEqual(forPlatforms("[linux/amd64]x"), true);
  strictEqual(forPlatforms("[linux/arm64,linux/amd64]x"), true);
  strictEqual(forPlatforms("[linux/arm64]x"), false);
  strictEqual(isForConfig([], undefined), true);
  const { platforms } = parseForPlatforms("[linux/amd64]x");
  strictEqual(isForConfig(platforms, undefined), false);
});
