import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { askCommander } from "../../src/cli/commander.ts";
import { locate } from "../../src/cli/locate.ts";
import { normalise } from "../../src/cli/normalise.ts";
import { parse } from "../../src/cli/parse.ts";
import { echo, GLOBALS, sample } from "./sample_tool.ts";

const FLAGS = { ...GLOBALS, ...echo.flags };

Deno.test("askCommander() reads plain lines as parse() does without it", async () => {
  const flag = fc.oneof(
    fc.constantFrom("--quiet", "--yes=false", "--limit=0x10", "--wait=1m30s"),
    fc.tuple(
      fc.constantFrom("--name", "--include"),
      fc.string(),
    ).map(([name, value]) => `${name}=${value}`),
  );
  await fc.assert(fc.asyncProperty(fc.array(flag), async (flags) => {
    const argv = ["group", "echo", "word", ...flags];
    const located = await locate(sample, argv);
    const parsed = await parse(sample, argv);
    deepStrictEqual(
      parsed.kind === "call" && parsed.occurrences,
      askCommander(located, normalise(located.words, FLAGS)),
    );
  }));
});

Deno.test("askCommander() tells a line that asks for help", async () => {
  const located = await locate(sample, ["group", "echo", "-h"]);
  strictEqual(askCommander(located, normalise(located.words, FLAGS)), "help");
});
