import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { syncBench } from "../../support/regsync.ts";

const STEP = "sync: [{source: S/test/repo:v2, target: T/t/r:v2, type: image}]";

Deno.test("check --exit-code ends 3 where something is stale, 0 where nothing is", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  strictEqual((await bench.run("check", STEP)).exit, 0);
  strictEqual((await bench.run("check --exit-code", STEP)).exit, 3);
  strictEqual((await bench.run("once", STEP)).exit, 0);
  strictEqual((await bench.run("check --exit-code", STEP)).exit, 0);
  const referrers = STEP.replace("}]", ", referrers: true}]");
  strictEqual((await bench.run("check --exit-code", referrers)).exit, 0);
});

Deno.test("check --exit-code ends 1 where a step fails, stale or not", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const broken = `${
    STEP.slice(0, -1)
  }, {source: S/x:1, target: T/x:1, type: image}]`;
  strictEqual((await bench.run("check --exit-code", broken)).exit, 1);
});

Deno.test("check --output json says why an image is stale", async () => {
  await using bench = await syncBench({ tags: ["v2", "v3"] });
  await bench.run("once", STEP.replace("repo:v2", "repo:v3"));
  const result = await bench.run(
    "check --output json",
    `${
      STEP.slice(0, -1)
    }, {source: S/test/repo:v3, target: T/t/r:v3, type: image}]`,
  );
  const { v2, v3 } = bench.images;
  const report = JSON.parse(result.stdout);
  strictEqual(report.action, "check");
  strictEqual(report.complete, true);
  deepStrictEqual(report.totals, {
    checked: 2,
    copied: 0,
    skipped: 0,
    stale: 2,
    failed: 0,
    bytes: 0,
  });
  deepStrictEqual(
    report.images.map((
      { milliseconds: _, source: __, target: ___, ...rest }: Record<
        string,
        unknown
      >,
    ) => rest),
    [
      {
        step: 0,
        outcome: "stale",
        digest: v2?.root.digest,
        targetDigest: v3?.root.digest,
        bytes: 0,
        reason: "target differs",
      },
      {
        step: 1,
        outcome: "stale",
        digest: v3?.root.digest,
        bytes: 0,
        reason: "target is missing",
      },
    ],
  );
});

Deno.test("check refuses an output that it does not know", async () => {
  await using bench = await syncBench({ tags: [] });
  const result = await bench.run("check --output xml", STEP);
  strictEqual(result.exit, 1);
  match(result.stderr, /unknown output "xml"/);
});
