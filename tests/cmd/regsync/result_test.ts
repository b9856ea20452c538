import { deepStrictEqual } from "node:assert/strict";
import { type ImageResult, Tally } from "../../../src/cmd/regsync/result.ts";

function result(change: Partial<ImageResult>): ImageResult {
  return {
    step: 0,
    source: "s",
    target: "t",
    outcome: "unchanged",
    bytes: 0,
    milliseconds: 1,
    ...change,
  };
}

Deno.test("Tally counts every outcome once", () => {
  const tally = new Tally();
  for (
    const outcome of [
      "unchanged",
      "exists",
      "skipped",
      "stale",
      "copied",
      "refreshed",
      "failed",
    ] as const
  ) tally.add(result({ outcome, bytes: 10 }));
  tally.addBytes(7);
  tally.addFailure(result({ outcome: "failed" }));
  deepStrictEqual(tally.totals, {
    checked: 7,
    copied: 2,
    skipped: 3,
    stale: 1,
    failed: 2,
    bytes: 7,
  });
  deepStrictEqual(tally.results, []);
});

Deno.test("Tally gives kept results in the order of the file", () => {
  const tally = new Tally(true);
  tally.add(result({ step: 1, target: "a" }));
  tally.add(result({ step: 0, target: "c" }));
  tally.add(result({ step: 0, target: "b" }));
  deepStrictEqual(tally.results.map(({ step, target }) => [step, target]), [
    [0, "b"],
    [0, "c"],
    [1, "a"],
  ]);
});
