import { match, strictEqual } from "node:assert/strict";
import { run } from "../../../src/cli/run.ts";
import { regsync } from "../../../src/cmd/regsync/mod.ts";
import { memoryIo } from "../../support/cli.ts";
import { syncBench, until } from "../../support/regsync.ts";

const STEP =
  "sync:\n- {source: S/test/repo:v2, target: T/t/a:1, type: image, interval: 1h}\n";

/** Runs the command with a hand on its signals. */
async function start(path: string) {
  const controller = new AbortController();
  const { io, err } = memoryIo({ signal: controller.signal });
  let hangUp = () => {};
  const listening = {
    ...io,
    onHangup: (listener: () => void) => {
      hangUp = listener;
      return { [Symbol.dispose]: () => hangUp = () => {} };
    },
  };
  const exit = run(regsync, ["server", "-c", path, "-v", "debug"], listening);
  await until(() => err.text.includes("Scheduled task"));
  return {
    err,
    exit,
    hangUp: () => hangUp(),
    stop: () => {
      controller.abort(new DOMException("Interrupted", "AbortError"));
      return exit;
    },
  };
}

Deno.test("server ends 0 when it is told to stop", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const server = await start(await bench.file(STEP));
  await until(async () => await bench.digest("t/a:1") !== "");
  strictEqual(await server.stop(), 0, server.err.text);
});

Deno.test("server ends 1 where a step failed, and says how", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const server = await start(
    await bench.file(STEP.replace("repo:v2", "repo:nope")),
  );
  await until(() => server.err.text.includes("Failed to sync"));
  strictEqual(await server.stop(), 1);
  match(server.err.text, /^[^t].*nope/m);
});

Deno.test("server reads its file again at SIGHUP, and keeps the old one where the new is broken", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const path = await bench.file(STEP);
  const server = await start(path);
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, "sync: [{interval: 60}]");
  server.hangUp();
  await until(() => server.err.text.includes("keeping the old one"));
  match(server.err.text, /sync\[0\]\.interval: time: missing unit/);
  await Deno.writeTextFile(path, text.replace("t/a:1", "t/b:1"));
  server.hangUp();
  await until(async () => await bench.digest("t/b:1") !== "");
  strictEqual(await server.stop(), 0);
});
