import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Log, type LogRecord } from "../../../src/base/log.ts";
import { loadRegbot } from "../../../src/config/regbot.ts";
import { ScriptServer } from "../../../src/cmd/regbot/serve_scripts.ts";
import { memoryIo } from "../../support/cli.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { until } from "../../support/regsync.ts";

/** A server by a clock that stands still. */
function start(yaml: string) {
  const { io, out } = memoryIo();
  const clock = new FakeClock();
  const records: LogRecord[] = [];
  const log = new Log(-4, (record) => records.push(record));
  const server = new ScriptServer(io, { log, dryRun: false, clock });
  const lines = () =>
    records.map(({ message, attributes }) =>
      [message, attributes["name"] ?? attributes["script"]].filter(Boolean)
        .join(" ")
    );
  const load = (yaml: string) => ({ config: loadRegbot(yaml), files: [] });
  return { server, clock, out, lines, load, config: load(yaml) };
}

Deno.test("ScriptServer fires on schedule, each run in a fresh state", async () => {
  const { server, clock, out, lines, config } = start(
    `scripts:\n  - {name: a, interval: 1s, script: 'n = (n or 0) + 1 print(n)'}\n  - {name: none, script: 'print("no")'}`,
  );
  await using _server = server;
  await server.serve(config);
  strictEqual(out.text, "");
  for (const times of [1, 2]) {
    await clock.advance(1000);
    await until(() =>
      lines().filter((l) => l === "Finished script a").length === times
    );
  }
  strictEqual(out.text, "1\n1\n");
  ok(lines().includes("No schedule or interval found, ignoring none"));
});

Deno.test("ScriptServer never runs a script beside itself, and ends what runs when it is stopped", async () => {
  const { server, clock, lines, config } = start(
    `scripts:\n  - {name: slow, interval: 1s, script: 'while true do end'}`,
  );
  await using _server = server;
  await server.serve(config);
  await clock.advance(1000);
  await until(() => lines().includes("Starting script slow"));
  await clock.advance(3000);
  strictEqual(
    lines().filter((line) => line === "Starting script slow").length,
    1,
  );
  ok(lines().includes("Skipping task, last run is still going slow"));
  const errors = await server.wait(AbortSignal.abort());
  deepStrictEqual(errors, []);
  ok(lines().includes("Stopping server"));
});

Deno.test("ScriptServer keeps what failed for the end", async () => {
  const { server, clock, lines, config } = start(
    `scripts:\n  - {name: bad, interval: 1s, script: 'error("boom")'}`,
  );
  await using _server = server;
  await server.serve(config);
  await clock.advance(1000);
  await until(() => lines().includes("Finished script bad"));
  const [error] = await server.wait(AbortSignal.abort());
  match(String(error), /<string>:1: boom/);
});

Deno.test("ScriptServer serves another file from then on", async () => {
  const { server, clock, out, lines, config, load } = start(
    `scripts:\n  - {name: old, interval: 1s, script: 'print("old")'}`,
  );
  await using _server = server;
  await server.serve(config);
  await server.serve(
    load(`scripts:\n  - {name: new, interval: 1s, script: 'print("new")'}`),
  );
  await clock.advance(1000);
  await until(() => lines().includes("Finished script new"));
  strictEqual(out.text, "new\n");
});

Deno.test("ScriptServer never runs a script beside itself, also where another file has it in another place", async () => {
  const slow = "{name: slow, interval: 1s, script: 'while true do end'}";
  const { server, clock, lines, config, load } = start(
    `scripts:\n  - ${slow}`,
  );
  await using _server = server;
  await server.serve(config);
  await clock.advance(1000);
  await until(() => lines().includes("Starting script slow"));
  await server.serve(
    load(`scripts:\n  - {name: new, interval: 1s, script: ''}\n  - ${slow}`),
  );
  await clock.advance(1000);
  await until(() => lines().includes("Finished script new"));
  strictEqual(
    lines().filter((line) => line === "Starting script slow").length,
    1,
  );
});

Deno.test("ScriptServer that was stopped serves nothing any more", async () => {
  const { server, clock, lines, config } = start(
    `scripts:\n  - {name: a, interval: 1s, script: ''}`,
  );
  await using _server = server;
  await server.wait(AbortSignal.abort());
  await server.serve(config);
  await clock.advance(3000);
  deepStrictEqual(lines().filter((line) => line.startsWith("Running")), []);
});
