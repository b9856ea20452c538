import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { MINUTE, SECOND } from "../../src/base/duration.ts";
import { checkSchedules, loadRegbot } from "../../src/config/regbot.ts";

Deno.test("loadRegbot() gives scripts what they inherit", () => {
  const { scripts } = loadRegbot(`
defaults:
  interval: 60m
  timeout: 10s
  args: {a: 1, b: 3.10}
  allow: {read: [ghcr.io], env: [A]}
scripts:
  - name: one
    script: log "x"
  - name: two
    schedule: "15 01 * * *"
    timeout: -1s
    args: {b: own}
    allow: {read: []}
    script: |
      log "y"
      log "z"
`);
  const [one, two] = scripts;
  deepStrictEqual(
    [one?.interval, one?.schedule, one?.timeout, one?.args, one?.allow],
    [60n * MINUTE, "", 10n * SECOND, { a: "1", b: "3.10" }, {
      read: ["ghcr.io"],
      env: ["A"],
    }],
  );
  deepStrictEqual(
    [two?.interval, two?.schedule, two?.timeout, two?.args, two?.allow],
    [0n, "15 01 * * *", -1n * SECOND, { a: "1", b: "own" }, {
      read: [],
      env: ["A"],
    }],
  );
  deepStrictEqual([one?.lineBefore, two?.lineBefore], [8, 15]);
  strictEqual(two?.script, 'log "y"\nlog "z"\n');
});

Deno.test("loadRegbot() expands templates of logins, and not of scripts", () => {
  const { creds, scripts } = loadRegbot(
    `creds:\n  - registry: "{{x}}"\n    user: '{{env "U"}}'\nscripts:\n  - script: log "{{env}}"`,
    { env: (name) => name === "U" ? "me" : undefined },
  );
  deepStrictEqual([creds[0]?.registry, creds[0]?.user], ["{{x}}", "me"]);
  strictEqual(scripts[0]?.script, 'log "{{env}}"');
});

Deno.test("loadRegbot() refuses another version, and takes an empty file", () => {
  throws(
    () => loadRegbot("version: 2", { file: "f" }),
    /f:1:10: version: unsupported config version/,
  );
  deepStrictEqual(loadRegbot("").scripts, []);
});

Deno.test("loadRegbot() takes the early documentation's file", () => {
  const { scripts, warnings } = loadRegbot(`x-sched-a: &sched-a "15 01 * * *"
version: 1
creds:
  - registry: localhost:5000
    tls: disabled
    scheme: http
defaults:
  parallel: 2
  timeout: 300s
scripts:
  - name: Hello World
    timeout: 10s
    script: |
      log "hello world"
`);
  deepStrictEqual([scripts[0]?.name, scripts[0]?.timeout, warnings], [
    "Hello World",
    10n * SECOND,
    [],
  ]);
});

Deno.test("loadRegbot() points out what is probably misspelt", () => {
  const { warnings } = loadRegbot(
    "scripts:\n  - nmae: x\n    schedule: nonsense",
  );
  deepStrictEqual(warnings.map(({ path }) => path), [
    "scripts[0].nmae",
    "scripts[0].schedule",
  ]);
});

Deno.test("checkSchedules() refuses schedules that cannot be, with their places", () => {
  const config = loadRegbot(
    `defaults: {schedule: "@daily"}\nscripts:\n  - {name: a, script: x}\n  - name: b\n    schedule: "61 * * * *"`,
    { file: "f.yml" },
  );
  throws(
    () => checkSchedules(config),
    /^RegError: f\.yml:5:\d+: schedule of "b": end of range \(61\) above maximum \(59\)/,
  );
});
