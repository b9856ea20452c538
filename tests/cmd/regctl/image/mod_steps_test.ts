import { strictEqual, throws } from "node:assert/strict";
import { MOD_FLAGS } from "../../../../src/cmd/regctl/image/mod_flags.ts";
import { stepsOf } from "../../../../src/cmd/regctl/image/mod_steps.ts";

const step = (name: string, value: string | boolean) =>
  stepsOf([{ name, value }]);

/** A value that each flag takes, where a switch's will not do. */
const VALUES: Readonly<Record<string, string>> = {
  "annotation-base": `foo/bar:1,sha256:${"0".repeat(64)}`,
  "config-platform": "linux/arm64",
  "config-time": "set=2020-01-01T00:00:00Z,after=2019-01-01T00:00:00+02:00",
  "config-time-max": "2020-01-01T00:00:00Z",
  "data-max": "0x10",
  "digest-algo": "sha512",
  "file-tar-time": "filename=a.tar,from-label=x",
  "file-tar-time-max": "a.tar,2020-01-01T00:00:00Z",
  "layer-add": 'tar="a,b.tar",platform=linux/amd64',
  "layer-compress": "zstd",
  "layer-rm-index": "1",
  "layer-time": "set=2020-01-01T00:00:00Z,base-layers=2",
  "layer-time-max": "2020-01-01T00:00:00Z",
  "rebase-ref": "a:1,b:2",
  time: "set=2020-01-01T00:00:00Z,base-ref=alpine:3",
  "time-max": "2020-01-01T00:00:00Z",
};

Deno.test("stepsOf() knows every flag of image mod", () => {
  for (const [name, { kind }] of Object.entries(MOD_FLAGS)) {
    const value = kind === "switch" ? true : VALUES[name] ?? "name=value";
    const count = name === "time" || name === "time-max" ? 2 : 1;
    strictEqual(step(name, value).length, count, name);
  }
});

Deno.test("stepsOf() leaves out what is switched off and what is no step", () => {
  strictEqual(step("to-oci", false).length, 0);
  strictEqual(step("create", "x").length, 0);
});

Deno.test("stepsOf() refuses values that make no sense", () => {
  const cases: [string, string, RegExp][] = [
    ["time", "bogus=1", /^unknown time option: bogus$/],
    [
      "time",
      "filename=x,set=2020-01-01T00:00:00Z",
      /unknown time option: filename/,
    ],
    ["time", "set=yesterday", /./],
    ["layer-add", "platform=linux/amd64", /one of tar and dir/],
    ["layer-add", "tar=a,dir=b", /one of tar and dir/],
    ["layer-add", "tar=a,color=red", /unknown layer-add option: color/],
    ["layer-compress", "rar", /unknown compression "rar"/],
    ["data-max", "many", /invalid argument "many" for "--data-max" flag/],
    ["rebase-ref", "one", /two values are needed/],
    ["annotation-base", "foo/bar:1", /two values are needed/],
  ];
  for (const [name, value, message] of cases) {
    throws(
      () => step(name, value),
      { code: "usage", message },
      `${name} ${value}`,
    );
  }
  throws(() => step("config-platform", "a^b"), { code: "usage" });
});
