import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { renderTemplate, wrap } from "../../src/template/mod.ts";
import { PLATFORM, platformOf } from "../../src/view/platform.ts";

Deno.test("a platform prints as its short form, and JSON has its keys", () => {
  const view = wrap(PLATFORM, {
    os: "linux",
    architecture: "arm64",
    variant: "v8",
    "os.version": "1",
  });
  strictEqual(
    renderTemplate("{{.}} {{.OSVersion}} {{.OSFeatures}} {{json .}}", view),
    'linux/arm64 1 [] {"architecture":"arm64","os":"linux","os.version":"1","variant":"v8"}\n',
  );
  strictEqual(renderTemplate("{{.}}", wrap(PLATFORM, null)), "unknown");
});

Deno.test("platformOf() gives back what the view shows", () => {
  const platform = {
    os: "windows",
    architecture: "amd64",
    "os.version": "10",
    "os.features": ["a"],
    variant: "v2",
    features: [],
  };
  deepStrictEqual(platformOf(wrap(PLATFORM, platform)), platform);
});
