import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { textSink } from "../../../src/cli/log_sinks.ts";
import {
  REPORT_SCHEMA,
  reportOf,
  summaryOf,
} from "../../../src/cmd/regsync/report.ts";
import { type ImageResult, Tally } from "../../../src/cmd/regsync/result.ts";

const RESULT: Required<ImageResult> = {
  step: 0,
  source: "s:1",
  target: "t:1",
  outcome: "copied",
  digest: "sha256:a",
  targetDigest: "sha256:b",
  backup: "t:old",
  bytes: 5,
  reason: "differed",
  milliseconds: 3,
};

Deno.test("reportOf() gives what the schema describes, key by key", () => {
  const tally = new Tally(true);
  tally.add(RESULT);
  const report = reportOf(tally, {
    action: "copy",
    complete: true,
    milliseconds: 12.4,
  });
  strictEqual(report.milliseconds, 12);
  const keys = (schema: unknown) => {
    const { properties } = schema as { properties: Record<string, unknown> };
    return Object.keys(properties).sort();
  };
  const { properties } = REPORT_SCHEMA as {
    properties: Record<string, { items?: unknown }>;
  };
  deepStrictEqual(Object.keys(report).sort(), keys(REPORT_SCHEMA));
  deepStrictEqual(
    Object.keys(report.totals).sort(),
    keys(properties["totals"]),
  );
  deepStrictEqual(
    Object.keys(RESULT).sort(),
    keys(properties["images"]?.items),
  );
});

Deno.test("the schema of the report in the repository is the one of the code", async () => {
  const path = new URL("../../../schema/report.schema.json", import.meta.url);
  deepStrictEqual(JSON.parse(await Deno.readTextFile(path)), REPORT_SCHEMA);
});

Deno.test("summaryOf() reads as one line", () => {
  let line = "";
  const totals = {
    checked: 3,
    copied: 1,
    skipped: 1,
    stale: 0,
    failed: 1,
    bytes: 42,
  };
  textSink((text) => line = text)({
    time: new Date(),
    level: 0,
    message: "Sync finished",
    attributes: summaryOf(totals, 1500),
  });
  strictEqual(
    line.replace(/^.*msg/, "msg"),
    'msg="Sync finished" checked=3 copied=1 skipped=1 failed=1 bytes=42 duration=1.5s\n',
  );
});
