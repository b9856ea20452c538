import { strictEqual, throws } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { parseMoment, TimeSetting } from "../../../src/registry/mod/times.ts";
import { loadTree } from "../../../src/registry/mod/tree.ts";
import { modStore } from "../../support/mod_images.ts";

const ns = (text: string) => parseMoment(text).nanoseconds;

Deno.test("parseMoment() reads RFC 3339 to the nanosecond", () => {
  strictEqual(ns("1970-01-01T00:00:01Z"), 1_000_000_000n);
  strictEqual(ns("1970-01-01T01:00:00.000000001+01:00"), 1n);
  strictEqual(ns("1969-12-31T23:30:00-00:30"), 0n);
  strictEqual(ns("0001-01-01T00:00:00Z"), -62135596800_000_000_000n);
  strictEqual(ns("2024-02-29T00:00:00Z"), 1709164800_000_000_000n);
});

Deno.test("parseMoment() refuses what is none", () => {
  const bad = [
    "",
    "2020-01-01",
    "2020-01-01T00:00:00",
    "2023-02-29T00:00:00Z",
    "2020-13-01T00:00:00Z",
    "2020-01-01T24:00:00Z",
    "2020-01-01T00:60:00Z",
    "2020-01-01 00:00:00Z",
  ];
  for (const text of bad) {
    throws(
      () => parseMoment(text),
      (error: Error) => isRegError(error, "usage"),
      text,
    );
  }
});

Deno.test("TimeSetting changes what is after, and not what is the same", () => {
  const set = parseMoment("2020-01-01T00:00:00Z");
  const after = parseMoment("2021-01-01T00:00:00Z");
  const all = new TimeSetting({ set }, "x");
  strictEqual(all.change(0n), set);
  strictEqual(all.change(set.nanoseconds), undefined);
  const late = new TimeSetting({ set, after }, "x");
  strictEqual(late.change(after.nanoseconds), undefined);
  strictEqual(late.change(after.nanoseconds + 1n), set);
});

Deno.test("TimeSetting reads a label, and wants labels to agree", async () => {
  const { config } = await loadTree(await modStore(), "oci-one");
  if (!config) throw new Error("no config");
  const setting = new TimeSetting({ fromLabel: "created" }, "x");
  throws(() => setting.change(0n), /timestamp not available/);
  setting.learn(config);
  strictEqual(setting.change(0n)?.text, "2022-02-02T02:02:02Z");
  setting.learn(config);
  const set = parseMoment("2020-01-01T00:00:00Z");
  throws(
    () => new TimeSetting({ set, fromLabel: "created" }, "x").learn(config),
    /conflicting time labels found 2020-01-01T00:00:00Z and 2022/,
  );
  throws(
    () => new TimeSetting({ fromLabel: "none" }, "x").learn(config),
    /label not found: none/,
  );
  throws(
    () => new TimeSetting({ fromLabel: "a" }, "x").learn(config),
    /could not parse time 1 from a/,
  );
  throws(() => new TimeSetting({}, "It"), /It requires a time to set/);
});
