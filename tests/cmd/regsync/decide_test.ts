import { strictEqual } from "node:assert/strict";
import {
  decide,
  decidePlatform,
  type DecisionSettings,
} from "../../../src/cmd/regsync/decide.ts";
import type { Descriptor } from "../../../src/registry/core.ts";
import { COPIED_TYPES } from "../../../src/config/regsync_steps.ts";

const OCI = "application/vnd.oci.image.";
const STEP: DecisionSettings = {
  digestTags: false,
  fastCheck: false,
  forceRecursive: false,
  mediaTypes: COPIED_TYPES,
  platform: "",
  referrers: false,
};

function manifest(hash: string, kind = "manifest"): Descriptor {
  return {
    digest: `sha256:${hash}`,
    mediaType: `${OCI}${kind}.v1+json`,
    size: 1,
  };
}

const same = { source: manifest("a"), target: manifest("a") };
const other = { source: manifest("a"), target: manifest("b") };
const none = { source: manifest("a") };

Deno.test("decide() leaves alone what is equal, unless more is asked for", () => {
  strictEqual(decide(same, STEP, "copy"), "matches");
  for (const key of ["referrers", "digestTags", "forceRecursive"] as const) {
    const step = { ...STEP, [key]: true };
    strictEqual(decide(same, step, "copy"), "refresh");
    strictEqual(decide(same, { ...step, fastCheck: true }, "copy"), "matches");
  }
});

Deno.test("decide() copies what differs or is missing", () => {
  for (const action of ["copy", "check"] as const) {
    strictEqual(decide(other, STEP, action), "copy");
    strictEqual(decide(none, STEP, action), "copy");
  }
  strictEqual(decide(other, { ...STEP, fastCheck: true }, "copy"), "copy");
});

Deno.test("decide() only adds in a missing run", () => {
  strictEqual(decide(other, STEP, "missing"), "exists");
  strictEqual(decide(none, STEP, "missing"), "copy");
  strictEqual(decide(same, { ...STEP, referrers: true }, "missing"), "exists");
});

Deno.test("decide() skips other media types, and looks up a platform of an index alone", () => {
  strictEqual(
    decide(other, { ...STEP, mediaTypes: ["x"] }, "copy"),
    "unsupported",
  );
  const arm = { ...STEP, platform: "linux/arm64" };
  strictEqual(decide(other, arm, "copy"), "copy");
  const index = { source: manifest("a", "index"), target: manifest("b") };
  strictEqual(decide(index, arm, "copy"), "platform");
  strictEqual(decide(index, STEP, "copy"), "copy");
});

Deno.test("decidePlatform() takes the entry, or the whole index, for up to date", () => {
  const arm = { ...STEP, platform: "linux/arm64" };
  const source = manifest("a", "index");
  const at = (hash: string) => ({ source, target: manifest(hash) });
  strictEqual(decidePlatform(at("e"), arm, "sha256:e"), "matches");
  strictEqual(decidePlatform(at("a"), arm, "sha256:e"), "matches");
  strictEqual(decidePlatform(at("b"), arm, "sha256:e"), "copy");
  strictEqual(decidePlatform({ source }, arm, "sha256:e"), "copy");
  const forced = { ...arm, forceRecursive: true };
  strictEqual(decidePlatform(at("e"), forced, "sha256:e"), "refresh");
  strictEqual(
    decidePlatform(at("e"), { ...arm, referrers: true }, "sha256:e"),
    "matches",
  );
});
