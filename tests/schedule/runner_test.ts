import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { every } from "../../src/schedule/interval.ts";
import { parseSchedule } from "../../src/schedule/cron.ts";
import { type Job, Runner } from "../../src/schedule/runner.ts";
import { FakeClock } from "../support/fake_clock.ts";

function job(key: string, duration: string, run: () => Promise<void>): Job {
  return { key, schedule: every(duration), run };
}

Deno.test("Runner runs a job each time it is due, and not at the start", async () => {
  const clock = new FakeClock(500);
  const times: number[] = [];
  const runner = new Runner({ clock });
  runner.replace([job("a", "2s", () => {
    times.push(clock.now());
    return Promise.resolve();
  })]);
  await clock.advance(7000);
  deepStrictEqual(times, [2000, 4000, 6000]);
  runner.stop();
  await clock.advance(7000);
  strictEqual(times.length, 3);
  strictEqual(clock.sleeping, 0);
});

Deno.test("Runner never runs a job beside itself, and says what it skips", async () => {
  const clock = new FakeClock();
  const skipped: string[] = [];
  let most = 0;
  let now = 0;
  let runs = 0;
  const runner = new Runner({ clock, onSkip: ({ key }) => skipped.push(key) });
  const slow = job("slow", "1s", async () => {
    runs++;
    most = Math.max(most, ++now);
    await clock.sleep(2500);
    now--;
  });
  let quick = 0;
  runner.replace([
    slow,
    job("quick", "1s", () => {
      quick++;
      return Promise.resolve();
    }),
  ]);
  await clock.advance(9000);
  strictEqual(most, 1);
  strictEqual(runs, 3);
  strictEqual(quick, 9);
  deepStrictEqual(new Set(skipped), new Set(["slow"]));
  strictEqual(skipped.length, 6);
  runner.stop();
});

Deno.test("Runner hands errors over and goes on", async () => {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const runner = new Runner({
    clock,
    onError: (_, error) => errors.push(error),
  });
  runner.replace([job("a", "1s", () => Promise.reject(new Error("no")))]);
  await clock.advance(3000);
  deepStrictEqual(errors.map(String), ["Error: no", "Error: no", "Error: no"]);
  runner.stop();
});

Deno.test("Runner's jitter delays each run and shifts none that follow", async () => {
  const clock = new FakeClock();
  const draws = [0.5, 0.1, 0.9];
  const times: number[] = [];
  const runner = new Runner({ clock, random: () => draws.shift() ?? 0 });
  runner.replace([{
    ...job("a", "10s", () => {
      times.push(clock.now());
      return Promise.resolve();
    }),
    jitterMs: 4000,
  }]);
  await clock.advance(34_000);
  deepStrictEqual(times, [12_000, 20_400, 33_600]);
  runner.stop();
});

Deno.test("Runner.replace() keeps what is running, and does not run it twice", async () => {
  const clock = new FakeClock();
  const events: string[] = [];
  const make = (name: string) =>
    job("same", "1s", async () => {
      events.push(`${name} starts ${clock.now()}`);
      await clock.sleep(1500);
      events.push(`${name} ends ${clock.now()}`);
    });
  const runner = new Runner({ clock });
  runner.replace([make("old")]);
  await clock.advance(1200);
  runner.replace([make("new")]);
  await clock.advance(1900);
  deepStrictEqual(events, [
    "old starts 1000",
    "old ends 2500",
    "new starts 3000",
  ]);
  runner.stop();
  await clock.advance(2000);
  await runner.idle();
  strictEqual(events.at(-1), "new ends 4500");
});

Deno.test("Runner.start() counts as a run of the job", async () => {
  const clock = new FakeClock();
  const events: string[] = [];
  const runner = new Runner({ clock });
  const own = job("a", "1s", () => {
    events.push("own");
    return Promise.resolve();
  });
  strictEqual(
    runner.start(own, async () => {
      events.push("initial");
      await clock.sleep(1200);
    }),
    true,
  );
  strictEqual(runner.start(own), false);
  runner.replace([own]);
  await clock.advance(2000);
  deepStrictEqual(events, ["initial", "own"]);
  runner.stop();
});

Deno.test("Runner does not make up for what it missed", async () => {
  const clock = new FakeClock();
  let runs = 0;
  const runner = new Runner({ clock });
  runner.replace([job("a", "1m", () => {
    runs++;
    return Promise.resolve();
  })]);
  await clock.advance(1000);
  clock.set(24 * 3_600_000); // the machine slept for a day
  await clock.advance(60_000);
  strictEqual(runs, 2);
  runner.stop();
});

Deno.test("Runner leaves alone a job that is never due", async () => {
  const clock = new FakeClock();
  const runner = new Runner({ clock });
  runner.replace([{
    key: "never",
    schedule: parseSchedule("TZ=UTC 0 0 31 2 *"),
    run: () => Promise.reject(new Error("ran")),
  }]);
  await clock.advance(1e9);
  strictEqual(clock.sleeping, 0);
});
