/**
 * A thousand scripts in a row, for a process of its own with
 * `--v8-flags=--expose-gc`: prints after each 250 the bytes that the heap
 * of the main thread holds, and those that the process occupies.
 */
import { silent } from "../../src/base/log.ts";
import { openRunner } from "../../src/cmd/regbot/open_runner.ts";
import { loadRegbot } from "../../src/config/regbot.ts";
import { memoryIo } from "./cli.ts";
import { image, writeLayout } from "./images.ts";
import { tempDir } from "./temp.ts";

const collect: unknown = Reflect.get(globalThis, "gc");
if (typeof collect !== "function") throw new Error("no --expose-gc");

await using dir = await tempDir();
await writeLayout(`${dir.path}/image`, await image({ layerSize: 4096 }), "v1");
const script = `local m = manifest.get("ocidir://${dir.path}/image:v1")
assert(#image.config(m).history > 0)
local seen = {} for i = 1, 5000 do seen[i] = tostring(i) end`;
const config = loadRegbot(JSON.stringify({
  defaults: {
    timeout: "1m",
    skipDockerConfig: true,
    allow: { directories: [dir.path] },
  },
  scripts: [{ name: "one of many", script }],
}));
await using opened = await openRunner(
  { config, files: [] },
  memoryIo().io,
  { log: silent, dryRun: false },
);
// As a server's: it outlives all scripts.
const { signal } = new AbortController();
for (let quarter = 0; quarter < 4; quarter++) {
  for (let at = 0; at < 250; at++) {
    for (const one of config.scripts) await opened.runner.run(one, signal);
  }
  for (let pass = 0; pass < 4; pass++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const { heapUsed, rss } = Deno.memoryUsage();
  console.log(`${heapUsed} ${rss}`);
}
