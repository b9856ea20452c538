import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { LEVELS, type LogAttributes } from "../../src/base/log.ts";
import {
  jsonSink,
  localTime,
  quote,
  textSink,
} from "../../src/cli/log_sinks.ts";

const time = new Date("2026-11-23T09:08:05.721Z");

function text(message: string, attributes: LogAttributes = {}): string {
  let line = "";
  textSink((one) => line = one)({
    time,
    level: LEVELS.warn,
    message,
    attributes,
  });
  return line.replace(/^time=\S+ level=WARN /, "");
}

Deno.test("textSink() prints a record as slog does", () => {
  strictEqual(
    text("Image sync needed", { source: "localhost:5100/a:v1", ok: true }),
    'msg="Image sync needed" source=localhost:5100/a:v1 ok=true\n',
  );
  strictEqual(
    text("x", {
      empty: "",
      list: ["a", "b"],
      none: null,
      wait: 300_000_000_000n,
      error: new Error('say "no"'),
      map: { b: 1, a: 2 },
      struct: { logText: "{Allow:[] Deny:[]}", logJson: {} },
    }),
    'msg=x empty="" list="[a b]" none=<nil> wait=5m0s error="say \\"no\\"" ' +
      'map="map[a:2 b:1]" struct="{Allow:[] Deny:[]}"\n',
  );
});

Deno.test("textSink() lets no text break its line", () => {
  strictEqual(
    text("a\nb", { "k=v": "\x1b[2J\u2028\u{1d173}é" }),
    'msg="a\\nb" "k=v"="\\x1b[2J\\u2028\\U0001d173é"\n',
  );
});

Deno.test("jsonSink() prints durations as nanoseconds and errors as text", () => {
  let line = "";
  jsonSink((one) => line = one)({
    time,
    level: LEVELS.trace,
    message: "a <b>",
    attributes: {
      sleep: 300_000_000_000n,
      list: ["a"],
      none: undefined,
      error: new Error("no"),
      map: { b: 1 },
      struct: { logText: "", logJson: { c: [] } },
    },
  });
  match(line, /^\{"time":"[^"]+","level":"DEBUG-4","msg":"a <b>",/);
  deepStrictEqual(Object.entries(JSON.parse(line)).slice(3), [
    ["sleep", 300000000000],
    ["list", ["a"]],
    ["none", null],
    ["error", "no"],
    ["map", { b: 1 }],
    ["struct", { c: [] }],
  ]);
});

Deno.test("localTime() names the same instant, with the zone", () => {
  const printed = localTime(time);
  strictEqual(new Date(printed).getTime(), time.getTime());
  match(printed, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.721(Z|[+-]\d\d:\d\d)$/);
});

Deno.test("quote() escapes as Go's strconv.Quote does", () => {
  strictEqual(
    quote('a"\\\t\x00\x7f\u00a0ü'),
    '"a\\"\\\\\\t\\x00\\x7f\\u00a0ü"',
  );
});
