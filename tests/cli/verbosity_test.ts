import { strictEqual, throws } from "node:assert/strict";
import { levelName, parseVerbosity } from "../../src/cli/verbosity.ts";

Deno.test("parseVerbosity() reads slog's names, trace and the early names", () => {
  const cases: [string, number][] = [
    ["trace", -8],
    ["debug", -4],
    ["INFO", 0],
    ["Warn", 4],
    ["warning", 4],
    ["error", 8],
    ["fatal", 8],
    ["panic", 8],
    ["WARN+2", 6],
    ["debug-1", -5],
  ];
  for (const [text, level] of cases) strictEqual(parseVerbosity(text), level);
});

Deno.test("parseVerbosity() refuses with upstream's text", () => {
  throws(() => parseVerbosity("bogus"), {
    message:
      'unable to parse verbosity bogus: slog: level string "bogus": unknown name',
  });
  throws(() => parseVerbosity("TRACE"), { code: "usage" });
  throws(() => parseVerbosity("4"), { code: "usage" });
  throws(() => parseVerbosity("warning+1"), { code: "usage" });
  throws(() => parseVerbosity("warn+x"), {
    message:
      'unable to parse verbosity warn+x: slog: level string "warn+x": strconv.Atoi: parsing "+x": invalid syntax',
  });
});

Deno.test("levelName() prints levels as slog does", () => {
  const names = [
    [-8, "DEBUG-4"],
    [-4, "DEBUG"],
    [-1, "DEBUG+3"],
    [0, "INFO"],
    [
      2,
      "INFO+2",
    ],
    [4, "WARN"],
    [8, "ERROR"],
    [12, "ERROR+4"],
  ] as const;
  for (const [level, name] of names) strictEqual(levelName(level), name);
});
