/**
 * What regbot's sandbox costs, compiled: the first script, each further one, a
 * call of the host, the memory of many at a time, and of many in a row.
 * `deno task compile` comes first; the peer is upstream's regbot.
 */
import { image, writeLayout } from "../tests/support/images.ts";
import { peer } from "../tests/support/peers.ts";
import { tempDir } from "../tests/support/temp.ts";
import { runWithGc } from "../tests/support/with_gc.ts";
import { type Cost, measure, report } from "./support.ts";

const OURS = new URL("../dist/regbot", import.meta.url).pathname;
const THEIRS = peer("regbot");
/** How often what takes milliseconds is measured. */
const ROUNDS = 15;

/** What each script of the measure of memory does: reads, computes, copies. */
const WORK = `local ref = "ocidir://DIR/image:v1"
local seen = {}
for i = 1, 20000 do seen[i] = tostring(i) end
assert(#image.config(manifest.get(ref)).history > 0)
image.copy(ref, "ocidir://DIR/copy-N:v1")`;

await using dir = await tempDir();
await writeLayout(`${dir.path}/image`, await image({ layerSize: 4096 }), "v1");

/** A file of scripts. */
async function file(
  count: number,
  script: string,
  parallel = 0,
): Promise<string> {
  const path = `${dir.path}/${crypto.randomUUID()}.json`;
  const text = script.replaceAll("DIR", dir.path);
  const scripts = Array.from({ length: count }, (_, at) => ({
    name: `script ${at}`,
    script: text.replaceAll("N", String(at)),
  }));
  const allow = { directories: [dir.path] };
  const defaults = { parallel, skipDockerConfig: true, allow };
  await Deno.writeTextFile(path, JSON.stringify({ defaults, scripts }));
  return path;
}

async function once(program: string, path: string): Promise<Cost> {
  const args = ["once", "-c", path, "-v", "error"];
  return await measure(program, args, { HOME: dir.path });
}

/** The quickest of some runs, in seconds: other work on the machine is no cost of ours. */
async function quickest(
  program: string,
  args: readonly string[],
  rounds = ROUNDS,
): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await measure(program, args, { HOME: dir.path });
    best = Math.min(best, (performance.now() - started) / 1000);
  }
  return best;
}

/** Runs a file with both. */
async function both(
  path: string,
  rounds = ROUNDS,
): Promise<{ readonly ours: number; readonly peer: number }> {
  const args = ["once", "-c", path, "-v", "error"];
  return {
    ours: await quickest(OURS, args, rounds),
    peer: await quickest(THEIRS, args, rounds),
  };
}

type Pair = Awaited<ReturnType<typeof both>>;

/** The difference of two measures, for each of `count` units, in another unit. */
function difference(more: Pair, less: Pair, factor: number): Pair {
  return {
    ours: (more.ours - less.ours) * factor,
    peer: (more.peer - less.peer) * factor,
  };
}

const start = {
  ours: await quickest(OURS, ["version"]),
  peer: await quickest(THEIRS, ["version"]),
};
const first = await both(await file(1, `local x = 1`));
report("regbot-first-script", difference(first, start, 1000), "ms", "<=80ms");

const FURTHER = 50;
const many = await both(await file(1 + FURTHER, `local x = 1`), 5);
report(
  "regbot-further-script",
  difference(many, first, 1000 / FURTHER),
  "ms",
  "<=20ms",
);

const CALLS = 20_000;
const calls = await both(
  await file(1, `for i = 1, ${CALLS} do reference.new("a/b:c") end`),
  5,
);
report(
  "regbot-host-call",
  difference(calls, first, 1e6 / CALLS),
  "us",
  "<=100us",
);

// Each copies into a layout of its own, which upstream cannot do side by side.
const parallel = await file(50, `${WORK} -- N`, 8);
report(
  "regbot-50-scripts-memory",
  {
    ours: (await once(OURS, parallel)).peakMiB,
    peer: (await once(THEIRS, parallel)).peakMiB,
  },
  "MiB",
  "<=400MiB",
);

// The collector of the compiled program cannot be called: ours runs from source.
const [[heap = NaN, rss = NaN] = [], , , [lateHeap = NaN, lateRss = NaN] = []] =
  await runWithGc("regbot_thousand.ts");
const row = async (count: number) =>
  (await once(THEIRS, await file(count, WORK))).peakMiB;
const theirs = await row(1000) - await row(250);
const MIB = 1 << 20;
report(
  "regbot-1000-scripts-heap-growth",
  { ours: (lateHeap - heap) / MIB, peer: theirs },
  "MiB",
  "<=0.5MiB",
);
// The Worker's collector decides by itself when it runs.
report(
  "regbot-1000-scripts-growth",
  { ours: (lateRss - rss) / MIB, peer: theirs },
  "MiB",
  "<=100MiB",
);
