import { strictEqual, throws } from "node:assert/strict";
import {
  DURATION,
  MONTH,
  parseRfc3339,
  renderTemplate,
  TIME,
  timeValue,
  valueOf,
  wrap,
} from "../../src/template/mod.ts";
import { now, timeText } from "../../src/template/instant.ts";
import { instantOf } from "../../src/template/time.ts";

const time = timeValue(parseRfc3339("2024-02-29T23:59:58.5Z"));
const run = (text: string, data = time) => renderTemplate(text, data);

Deno.test("times print, and give their parts", () => {
  strictEqual(
    run(
      "{{.}} {{.Year}} {{.Month}} {{printf `%02d` .Month}} {{.Weekday}} {{.YearDay}} {{.UnixMilli}}",
    ),
    "2024-02-29 23:59:58.5 +0000 UTC 2024 February 02 Thursday 60 1709251198500",
  );
  strictEqual(
    run("{{json .}}{{printf `%#v` .}}"),
    '"2024-02-29T23:59:58.5Z"\ntime.Date(2024, time.February, 29, 23, 59, 58, 500000000, time.UTC)',
  );
});

Deno.test("times can be moved and compared", () => {
  strictEqual(
    run(
      "{{.AddDate 1 0 0}} {{.Add 1500000000}} {{(.AddDate 0 0 1).Sub .}} {{.Before (.Add 1)}} {{.Truncate 3600000000000}}",
    ),
    "2025-03-01 23:59:58.5 +0000 UTC 2024-03-01 00:00:00 +0000 UTC 24h0m0s true 2024-02-29 23:00:00 +0000 UTC",
  );
  throws(
    () => run("{{.Date}}"),
    /function Date has 3 return values; should be 1 or 2/,
  );
});

Deno.test("the zero time is the start of year 1", () => {
  strictEqual(
    run("{{.}} {{.IsZero}}", wrap(TIME, null)),
    "0001-01-01 00:00:00 +0000 UTC true",
  );
  strictEqual(instantOf(undefined).seconds, -62_135_596_800);
});

Deno.test("durations print and round as Go's", () => {
  strictEqual(
    run(
      "{{.}} {{.Minutes}} {{.Round 60000000000}} {{.Truncate 60000000000}} {{printf `%d` .}}",
      wrap(DURATION, 90_000_000_000n),
    ),
    "1m30s 1.5 2m0s 1m0s 90000000000",
  );
  strictEqual(run("{{.}}", wrap(MONTH, 13)), "%!Month(13)");
});

Deno.test("now() has a monotonic reading, which String shows", () => {
  strictEqual(/ m=\+\d+\.\d{9}$/.test(timeText(now())), true);
  strictEqual(
    renderTemplate("{{$n := time.Now}}{{$n.After $n}}", valueOf(null)),
    "false",
  );
});
