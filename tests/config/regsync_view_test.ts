import { strictEqual, throws } from "node:assert/strict";
import { inherit } from "../../src/config/regsync_steps.ts";
import { syncData } from "../../src/config/regsync_view.ts";
import { renderTemplate } from "../../src/template/mod.ts";

const data = syncData(inherit({
  source: "s/r",
  tags: { allow: ["a", "b"], semverRange: ["^1"] },
  referrerFilters: [{ artifactType: "x", annotations: { k: "v" } }],
  interval: 5_400_000_000_000n,
  ratelimit: { min: 7 },
  fastCheck: true,
}, {}));

Deno.test("syncData() has upstream's names, types and texts", () => {
  for (
    const [template, text] of [
      ["{{ .Sync.Source }}", "s/r"],
      ["{{ .Sync.Tags.Allow }}", "[a b]"],
      ["{{ .Sync.Tags.SemverRange }}", "[^1]"],
      ["{{ .Sync.Interval }}", "1h30m0s"],
      ["{{ .Sync.RateLimit.Min }}-{{ .Sync.RateLimit.Retry }}", "7-5m0s"],
      ["{{ .Sync.FastCheck }}{{ .Sync.Referrers }}", "truefalse"],
      ["{{ (index .Sync.ReferrerFilters 0).Annotations.k }}", "v"],
      ["{{ if .Sync.Hooks.Pre }}x{{ else }}none{{ end }}", "none"],
    ] as const
  ) strictEqual(renderTemplate(template, data), text, template);
  throws(
    () => renderTemplate("{{ .Sync.Foo }}", data),
    /can't evaluate field Foo in type main\.ConfigSync/,
  );
});
