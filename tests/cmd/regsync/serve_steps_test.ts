import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { LEVELS, Log, type LogRecord } from "../../../src/base/log.ts";
import {
  Server,
  type ServerOptions,
} from "../../../src/cmd/regsync/serve_steps.ts";
import { loadRegsync } from "../../../src/config/regsync.ts";
import { memoryIo } from "../../support/cli.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { type SyncBench, syncBench, until } from "../../support/regsync.ts";

/** A server over a file, with a clock that stands still. */
async function serve(
  bench: SyncBench,
  yaml: string,
  options: Partial<ServerOptions> = {},
) {
  const clock = new FakeClock(Date.UTC(2024, 0, 1));
  const records: LogRecord[] = [];
  const log = new Log(LEVELS.debug, (record) => records.push(record));
  const load = async (yaml: string) =>
    loadRegsync(await Deno.readTextFile(await bench.file(yaml)));
  const server = await Server.open(await load(yaml), memoryIo().io, {
    log,
    clock,
    ...options,
  });
  const controller = new AbortController();
  const running = server.run(controller.signal);
  const messages = (message: string) =>
    records.filter((record) => record.message === message);
  return {
    clock,
    records,
    server,
    running,
    messages,
    idle: () => until(() => server.running === 0),
    /** Lets time pass, a second at a time, as the work needs real time. */
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        await clock.advance(1000);
        await until(() => server.running === 0);
      }
    },
    reload: async (yaml: string) => await server.reload(await load(yaml)),
    stop() {
      controller.abort(new DOMException("Interrupted", "AbortError"));
      return running;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

Deno.test("server begins with what is missing, then runs steps on their schedules", async () => {
  await using bench = await syncBench({ tags: ["v2", "v3"] });
  await using server = await serve(
    bench,
    `
sync:
- {source: S/test/repo:v2, target: T/t/a:1, type: image, interval: 2s}
- {source: S/test/repo:v2, target: T/t/b:1, type: image, interval: 500ms}
- {source: S/test/repo:v2, target: T/t/c:1, type: image, schedule: "* * * * * *"}
- {source: S/test/repo:v2, target: T/t/d:1, type: image}
- {source: S/test/repo:nope, target: T/t/e:1, type: image, schedule: "@every 1s"}
`,
  );
  await server.idle();
  const { v2, v3 } = bench.images;
  for (const name of ["a", "b", "c"]) {
    strictEqual(await bench.digest(`t/${name}:1`), v2?.root.digest, name);
  }
  strictEqual(await bench.digest("t/d:1"), "");
  await bench.push(v3!, "v2");
  await server.pass(4);
  strictEqual(await bench.digest("t/a:1"), v3?.root.digest);
  strictEqual(await bench.digest("t/c:1"), v2?.root.digest);
  const fired = (target: string) =>
    server.messages("Running task").filter((record) =>
      String(record.attributes["target"]).endsWith(target)
    ).length;
  deepStrictEqual([fired("a:1"), fired("b:1"), fired("e:1")], [2, 4, 4]);
  strictEqual(server.messages("Failed to schedule cron").length, 1);
  strictEqual(
    server.messages("No schedule or interval found, ignoring").length,
    1,
  );
  const errors = await server.stop();
  match(String(errors[0]), /expected exactly 5 fields, found 6/);
  strictEqual(errors.length, 6); // the schedule, the first pass and four runs
  strictEqual(server.messages("Stopping server").length, 1);
  await server.clock.advance(10_000);
  strictEqual(fired("a:1"), 2);
});

Deno.test("server runs steps that share source and target each by itself", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2"] });
  const pair = "source: S/test/repo, target: T/t/a, type: repository";
  const yaml = `
sync:
- {${pair}, tags: {allow: [v1]}, interval: 2s}
- {${pair}, tags: {allow: [v2]}, interval: 3s}
`;
  await using server = await serve(bench, yaml);
  await server.idle();
  const { v1, v2 } = bench.images;
  strictEqual(await bench.digest("t/a:v1"), v1?.root.digest);
  strictEqual(await bench.digest("t/a:v2"), v2?.root.digest);
  await server.pass(6);
  strictEqual(server.messages("Running task").length, 5);
  const skipped = "Skipping task, last run is still going";
  deepStrictEqual(server.messages(skipped), []);
});

Deno.test("server stops without an error where no step failed", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  await using server = await serve(
    bench,
    "sync: [{source: S/test/repo:v2, target: T/t/a:1, type: image, interval: 1h}]",
  );
  await server.idle();
  deepStrictEqual(await server.stop(), []);
  deepStrictEqual(
    server.records.slice(-3).map(({ message }) => message),
    [
      "Interrupt received, stopping",
      "Stopping server",
      "Waiting on running tasks",
    ],
  );
});

Deno.test("server runs schedules beside a first pass that takes long, never a step beside itself", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const gate = Promise.withResolvers<void>();
  bench.S.faults.push({
    path: /manifests\/slow/,
    status: 404,
    wait: () => gate.promise,
  });
  await using server = await serve(
    bench,
    `
sync:
- {source: S/test/repo:slow, target: T/t/a:1, type: image, interval: 1s}
- {source: S/test/repo:v2, target: T/t/b:1, type: image, interval: 1s}
`,
  );
  await until(() => server.server.running === 1);
  for (let second = 0; second < 3; second++) {
    await server.clock.advance(1000);
    await until(() => server.server.running === 1);
  }
  strictEqual(server.messages("Running task").length, 3);
  strictEqual(
    server.messages("Skipping task, last run is still going").length,
    3,
  );
  gate.resolve();
  await server.idle();
  await server.stop();
});

Deno.test("server stops what waits and what runs, and counts neither as failed", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  bench.S.faults.push(
    { path: /manifests\/slow/, wait: () => new Promise<void>(() => {}) },
    {
      method: "HEAD",
      path: /manifests\/v2/,
      headers: { "RateLimit-Remaining": "1;w=1", "RateLimit-Limit": "100;w=1" },
    },
  );
  await using server = await serve(
    bench,
    `
sync:
- {source: S/test/repo:slow, target: T/t/a:1, type: image, interval: 1s}
- {source: S/test/repo:v2, target: T/t/b:1, type: image, interval: 1s, ratelimit: {min: 5}}
`,
  );
  await until(() => server.messages("Delaying for rate limit").length === 1);
  deepStrictEqual(await server.stop(), []);
});

Deno.test("server waits for a rate limit by the clock", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const headers: Record<string, string> = {
    "RateLimit-Remaining": "1;w=1",
    "RateLimit-Limit": "100;w=1",
  };
  bench.S.faults.push({ method: "HEAD", path: /manifests\/v2/, headers });
  await using server = await serve(
    bench,
    "sync: [{source: S/test/repo:v2, target: T/t/b:1, type: image, interval: 24h, ratelimit: {min: 5, retry: 10m}}]",
  );
  await until(() => server.messages("Delaying for rate limit").length === 1);
  await server.clock.advance(9 * 60_000);
  strictEqual(await bench.digest("t/b:1"), "");
  headers["RateLimit-Remaining"] = "5;w=1";
  await server.clock.advance(60_000);
  await server.idle();
  strictEqual(await bench.digest("t/b:1"), bench.images["v2"]?.root.digest);
});

Deno.test("server with --abort-on-error ends by itself", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  await using server = await serve(
    bench,
    `
sync:
- {source: S/test/repo:v2, target: T/t/b:1, type: image, interval: 1s}
- {source: S/test/repo:nope, target: T/t/a:1, type: image, interval: 1s}
`,
    { abortOnError: true },
  );
  const errors = await server.running;
  strictEqual(errors.length, 1);
  match(String(errors[0]), /nope/);
});

Deno.test("server reads its file again: what runs goes on, what is new begins", async () => {
  await using bench = await syncBench({ tags: ["v2", "v3"] });
  const gate = Promise.withResolvers<void>();
  bench.S.faults.push({
    method: "GET",
    path: /manifests\/sha256/,
    times: 1,
    wait: () => gate.promise,
  });
  const first =
    "- {source: S/test/repo:v2, target: T/t/a:1, type: image, interval: 5s}\n";
  await using server = await serve(bench, `sync:\n${first}`);
  await until(() => bench.S.requests.some(({ method }) => method === "GET"));
  await server.reload(
    `sync:\n${first}- {source: S/test/repo:v3, target: T/t/b:1, type: image, interval: 7s}\n`,
  );
  const { v2, v3 } = bench.images;
  await until(async () => await bench.digest("t/b:1") === v3?.root.digest);
  strictEqual(await bench.digest("t/a:1"), "");
  gate.resolve();
  await server.idle();
  strictEqual(await bench.digest("t/a:1"), v2?.root.digest);
  await server.pass(7);
  const targets = server.messages("Running task").map(({ attributes }) =>
    String(attributes["target"]).slice(-3)
  );
  deepStrictEqual(targets, ["a:1", "b:1"]);
  await server.reload("sync: []");
  await server.pass(20);
  strictEqual(server.messages("Running task").length, 2);
  deepStrictEqual(await server.stop(), []);
});

Deno.test("server that reads the same file again begins nothing anew", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const yaml =
    "sync: [{source: S/test/repo:v2, target: T/t/a:1, type: image, interval: 1h}]";
  await using server = await serve(bench, yaml);
  await server.idle();
  bench.S.take();
  await server.reload(yaml);
  await server.idle();
  deepStrictEqual(bench.S.take(), []);
});

Deno.test("server that reads a changed file begins the step that does other work, not the one that is due at another time", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2"] });
  const yaml = (tag: string, interval: string) => `
sync:
- {source: S/test/repo, target: T/t/a, type: repository, interval: 1h, tags: {allow: [${tag}]}}
- {source: S/test/repo:v1, target: T/t/b:1, type: image, interval: ${interval}}
`;
  await using server = await serve(bench, yaml("v1", "1h"));
  await server.idle();
  bench.S.take();
  await server.reload(yaml("v2", "2h"));
  await server.idle();
  const { v2 } = bench.images;
  strictEqual(await bench.digest("t/a:v2"), v2?.root.digest);
  const asked = bench.S.take();
  deepStrictEqual(asked.filter((line) => line.endsWith("/v1")), []);
});

Deno.test("server's jitter delays a run by its share", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  await using server = await serve(
    bench,
    "sync: [{source: S/test/repo:v2, target: T/t/a:1, type: image, interval: 10s, jitter: 4s}]",
    { random: () => 0.5 },
  );
  await server.idle();
  await server.pass(11);
  strictEqual(server.messages("Running task").length, 0);
  await server.pass(1);
  strictEqual(server.messages("Running task").length, 1);
});

Deno.test("server keeps a bounded list of errors over a day of runs", async () => {
  await using bench = await syncBench({ tags: [] });
  await using server = await serve(
    bench,
    "sync: [{source: S/UP/x:1, target: T/t/a:1, type: image, interval: 1m}]",
  );
  await server.idle();
  for (let minute = 0; minute < 24 * 60; minute++) {
    await server.clock.advance(60_000);
  }
  await server.idle();
  strictEqual(server.messages("Running task").length, 1440);
  strictEqual(server.server.errors.length, 101);
  const errors = await server.stop();
  strictEqual(errors.length, 101);
  strictEqual(String(errors.at(-1)), "Error: and 1341 more errors");
  ok(server.clock.sleeping === 0);
});
