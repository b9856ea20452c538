import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Log } from "../../../src/base/log.ts";
import type { Output } from "../../../src/cli/io.ts";
import { Meter, showProgress } from "../../../src/cmd/regsync/progress.ts";
import { type ImageResult, Tally } from "../../../src/cmd/regsync/result.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const RESULT: ImageResult = {
  step: 0,
  source: "s",
  target: "t",
  outcome: "copied",
  bytes: 0,
  milliseconds: 0,
};

function output(isTerminal: boolean): Output & { readonly text: string[] } {
  const text: string[] = [];
  return {
    text,
    isTerminal,
    columns: () => 40,
    write: () => Promise.resolve(),
    writeSync: (chunk) => text.push(chunk),
  };
}

Deno.test("showProgress() writes a record every half a minute where there is no terminal", async () => {
  const clock = new FakeClock();
  const records: unknown[] = [];
  const log = new Log(0, ({ message, attributes }) => {
    records.push([message, attributes]);
  });
  const tally = new Tally();
  tally.expected = 4;
  const out = output(false);
  {
    await using _shown = showProgress(tally, { clock, log, output: out });
    await clock.advance(29_000);
    deepStrictEqual(records, []);
    tally.add(RESULT);
    tally.addBytes(30_000_000);
    await clock.advance(1000);
  }
  await clock.advance(60_000);
  deepStrictEqual(records, [["Progress", {
    bytes: 30_000_000,
    rate: "1.000MB/s",
    done: 1,
    total: 4,
    left: "1m30s",
  }]]);
  deepStrictEqual(out.text, []);
});

Deno.test("showProgress() draws one line on a terminal, and takes it away", async () => {
  const clock = new FakeClock();
  const tally = new Tally();
  const out = output(true);
  {
    const log = new Log(0, () => {
      throw new Error("logged");
    });
    await using _shown = showProgress(tally, { clock, log, output: out });
    await clock.advance(200);
  }
  deepStrictEqual(out.text, [
    "\r0 of 0 images, 0.000B, 0.000B/s\x1b[K\r",
    "\r\x1b[K",
  ]);
});

Deno.test("Meter measures the rate since it was last read", () => {
  const tally = new Tally();
  const meter = new Meter(tally, 0);
  tally.addBytes(1000);
  strictEqual(meter.read(1000).rate, 1000);
  strictEqual(meter.read(2000).rate, 0);
  strictEqual(meter.read(3000).leftMs, undefined);
});
