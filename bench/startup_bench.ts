/**
 * How long the compiled program takes to start, in milliseconds above a compiled
 * program that does nothing, and how much bigger it is:
 * `deno task compile --bare` makes both.
 */
import { multiPlatform, writeLayout } from "../tests/support/images.ts";
import { mustRun } from "../tests/support/process.ts";
import { tempDir } from "../tests/support/temp.ts";
import { report } from "./support.ts";

const DIST = new URL("../dist/", import.meta.url).pathname;
/** How often each is started, in turn. */
const ROUNDS = 30;

/** What is started, and how much longer than the bare one it may take. */
interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly bound: string;
}

await using dir = await tempDir();
// Fresh copies of all: how a file lies in the page cache is worth milliseconds.
for (const name of ["bare", "regkit"]) {
  await Deno.copyFile(`${DIST}${name}`, `${dir.path}/${name}`);
}
for (const name of ["regctl", "regsync", "regbot"]) {
  await Deno.symlink("regkit", `${dir.path}/${name}`);
}
await writeLayout(`${dir.path}/image`, await multiPlatform(2), "v1");
await Deno.writeTextFile(`${dir.path}/one.lua`, `log("hello")\n`);

const STARTS: Readonly<Record<string, Start>> = {
  bare: { program: "bare", args: [], bound: "-" },
  "regctl-version": { program: "regctl", args: ["version"], bound: "<=4ms" },
  "regctl-tag-ls": {
    program: "regctl",
    args: ["tag", "ls", "ocidir://image"],
    bound: "<=10ms",
  },
  "regsync-version": { program: "regsync", args: ["version"], bound: "<=6ms" },
  "regbot-run": {
    program: "regbot",
    args: ["run", "one.lua"],
    bound: "<=100ms",
  },
};

/** The quickest tenth's slowest: what the machine's other work adds is no start. */
function quick(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 10)] ?? NaN;
}

const times = new Map<string, number[]>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, { program, args }] of Object.entries(STARTS)) {
    const started = performance.now();
    await mustRun(`${dir.path}/${program}`, args, {
      cwd: dir.path,
      clearEnv: true,
    });
    const all = times.get(name) ?? [];
    times.set(name, [...all, performance.now() - started]);
  }
}
const bare = quick(times.get("bare") ?? []);
for (const [name, { bound }] of Object.entries(STARTS)) {
  if (name === "bare") continue;
  const above = quick(times.get(name) ?? []) - bare;
  report(`startup/${name}/bare`, { ours: above, peer: bare }, "ms", bound);
}

const megabytes = async (name: string) =>
  (await Deno.stat(`${DIST}${name}`)).size / 1e6;
const empty = await megabytes("bare");
report(
  "startup/size/bare",
  { ours: await megabytes("regkit") - empty, peer: empty },
  "MB",
  "<=3MB",
);
