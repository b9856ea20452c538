/**
 * A simulated day of `regsync server`, for a process of its own with
 * `--v8-flags=--expose-gc`: prints what the heap holds after some hours.
 */
import { LEVELS, Log } from "../../src/base/log.ts";
import { Server } from "../../src/cmd/regsync/serve_steps.ts";
import { loadRegsync } from "../../src/config/regsync.ts";
import { memoryIo } from "./cli.ts";
import { FakeClock } from "./fake_clock.ts";
import { image } from "./images.ts";
import { syncBench, until } from "./regsync.ts";

const collect: unknown = Reflect.get(globalThis, "gc");
if (typeof collect !== "function") throw new Error("no --expose-gc");

await using bench = await syncBench({ tags: ["v2", "v3"] });
const path = await bench.file(`
sync:
- {source: S/test/repo, target: T/t/r, type: repository, interval: 5m}
- {source: S/test/repo:moving, target: T/t/m:x, type: image, interval: 1m, backup: old}
- {source: S/test/repo:nope, target: T/t/n:x, type: image, interval: 10m}
`);
const clock = new FakeClock(Date.UTC(2024, 0, 1));
await using server = await Server.open(
  loadRegsync(await Deno.readTextFile(path)),
  memoryIo().io,
  { log: new Log(LEVELS.error + 1, () => {}), clock },
);
const controller = new AbortController();
const running = server.run(controller.signal);
for (let minute = 0; minute <= 24 * 60; minute++) {
  // What changes is copied: a day of that leaves as little as one of nothing.
  if (minute % 60 === 0) {
    await bench.push(await image({ seed: minute, layerSize: 64 }), "moving");
  }
  await clock.advance(60_000);
  await until(() => server.running === 0);
  // The registry's own memory is not what is measured.
  bench.S.take();
  bench.T.take();
  if (minute % 240 !== 0 || minute === 0) continue;
  for (let pass = 0; pass < 3; pass++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  console.log(Deno.memoryUsage().heapUsed);
}
controller.abort(new DOMException("Interrupted", "AbortError"));
await running;
