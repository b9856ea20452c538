import { strictEqual, throws } from "node:assert/strict";
import type { Descriptor, Platform } from "../../src/registry/core.ts";
import {
  formatPlatform,
  isCompatible,
  parsePlatform,
  platformsMatch,
  selectPlatform,
} from "../../src/registry/platform.ts";

const local: Platform = { os: "linux", architecture: "amd64", variant: "v4" };
const parse = (text: string) => parsePlatform(text, { local });

// Observed with upstream's binary on linux/amd64/v4.
const PARSED = {
  local: "linux/amd64/v4",
  linux: "linux/amd64/v4",
  amd64: "linux/amd64/v4",
  "linux/amd64": "linux/amd64",
  "linux/amd64/v1": "linux/amd64",
  "LINUX/AMD64": "linux/amd64",
  "linux/x86_64": "linux/amd64",
  arm64: "linux/arm64",
  "linux/aarch64": "linux/arm64",
  "linux/arm64/8": "linux/arm64",
  "linux/arm64/v9": "linux/arm64/v9",
  "local/arm64": "linux/arm64",
  "linux/arm": "linux/arm/v7",
  "linux/arm/7": "linux/arm/v7",
  "linux/arm/8": "linux/arm/v8",
  "linux/armhf": "linux/arm/v7",
  "linux/armel": "linux/arm/v6",
  macos: "darwin",
  windows: "windows",
  "windows/amd64,osver=10.0.17763.1": "windows/amd64",
  wasm: "linux/wasm",
  foo: "foo",
};

for (const [text, expected] of Object.entries(PARSED)) {
  Deno.test(`parsePlatform() reads ${text}`, () => {
    strictEqual(formatPlatform(parse(text)), expected);
  });
}

Deno.test("parsePlatform() keeps the version of the system", () => {
  strictEqual(parse("windows/amd64,osver=10.0.1")["os.version"], "10.0.1");
});

Deno.test("parsePlatform() names the part that is wrong", () => {
  throws(() => parse("linux/"), {
    message: "invalid platform component  in linux/",
  });
  throws(() => parse("bogus^"), /component bogus\^ in bogus\^/);
  throws(() => parse("x,y=1"), /unsupported platform arg type, y in x,y=1/);
});

Deno.test("platformsMatch() takes common names for the same thing as equal", () => {
  const match = (a: string, b: string) => platformsMatch(parse(a), parse(b));
  const windows = (v: string) => `windows/amd64,osver=${v}`;
  strictEqual(match("linux/arm64", "linux/arm64/v8"), true);
  strictEqual(match("linux/amd64", "linux/amd64/v2"), false);
  strictEqual(match(windows("10.0.1.5"), windows("10.0.1.9")), true);
  strictEqual(match(windows("10.0.1"), windows("10.0.2")), false);
});

Deno.test("isCompatible() knows who runs what", () => {
  const runs = (host: string, target: string) =>
    isCompatible(parse(host), parse(target));
  strictEqual(runs("linux/amd64/v4", "linux/amd64"), true);
  strictEqual(runs("linux/amd64", "linux/amd64/v3"), false);
  strictEqual(runs("linux/arm/v7", "linux/arm/v6"), true);
  strictEqual(runs("linux/arm64", "linux/amd64"), false);
  strictEqual(runs("windows/amd64", "linux/amd64"), true);
  strictEqual(runs("darwin/arm64", "linux/arm64"), true);
  strictEqual(runs("linux/amd64", "windows/amd64"), false);
});

function entry(text: string | undefined, size: number): Descriptor {
  return {
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: `sha256:${"0".repeat(64)}`,
    size,
    ...(text === undefined ? {} : { platform: parse(text) }),
  };
}

Deno.test("selectPlatform() prefers the same variant, then the highest that runs", () => {
  const entries = [
    entry(undefined, 0),
    entry("linux/amd64", 1),
    entry("linux/amd64/v3", 2),
    entry("linux/amd64/v2", 3),
    entry("linux/amd64/v3", 4),
  ];
  const chosen = (text: string) => selectPlatform(entries, parse(text)).size;
  strictEqual(chosen("linux/amd64/v4"), 2);
  strictEqual(chosen("linux/amd64/v2"), 3);
  strictEqual(chosen("linux/amd64"), 1);
});

Deno.test("selectPlatform() prefers the host's own system", () => {
  const entries = [entry("linux/amd64", 1), entry("windows/amd64", 2)];
  strictEqual(selectPlatform(entries, parse("windows/amd64")).size, 2);
});

Deno.test("selectPlatform() says which platform was not found", () => {
  throws(() => selectPlatform([], parse("linux/s390x")), {
    code: "not_found",
    message: "platform not found: linux/s390x",
  });
});
