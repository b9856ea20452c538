/**
 * Makes the executables: `deno task compile [--target TRIPLE] [--bare]`. Writes
 * `dist/regkit` with the names of the tools beside it, and tries them, and
 * `dist/regkit.js` for URLs; with `--bare` also `dist/bare`, a program that does
 * nothing, which ours is measured beside, and `dist/probe`, which tries what a
 * command must not do.
 *
 * @module
 */
import { stop } from "esbuild";
import { TOOLS as ENTRIES } from "../src/main.ts";
import { bundle, DIST, output } from "./bundle.ts";

const TOOLS = Object.keys(ENTRIES);
const FLAGS = [
  "--quiet",
  "--no-check",
  "--no-config",
  "--no-code-cache",
  "--no-prompt",
  "--unstable-worker-options",
  // The threads of this compiler and ours meet at a lock, whose first wait makes
  // the engine measure the clock, for three milliseconds; the other two do as well.
  "--v8-flags=--no-sparkplug",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
];

const target = targetOf(Deno.args);
const windows = target?.includes("windows") ?? false;
const entry = await bundle();
await bundle({ single: true });
await settleTimes(`${DIST}bundle`);
await compile(
  entry,
  `${DIST}regkit${target ? `-${target}` : ""}${windows ? ".exe" : ""}`,
  ["--include", `${DIST}bundle`],
);
if (Deno.args.includes("--bare")) {
  const nothing = `${DIST}.build/bare.js`;
  await Deno.writeTextFile(nothing, "");
  await compile(nothing, `${DIST}bare`);
  await compile(
    await bundle({ probe: "tests/support/probe.ts" }),
    `${DIST}probe`,
  );
}
if (!target) {
  await link();
  await smoke();
}
await sums();
await stop();

async function compile(
  entry: string,
  program: string,
  more: readonly string[] = [],
): Promise<void> {
  const to = target ? ["--target", target] : [];
  await output(Deno.execPath(), [
    "compile",
    ...FLAGS,
    ...to,
    ...more,
    "--output",
    program,
    entry,
  ]);
}

function targetOf(args: readonly string[]): string | undefined {
  const at = args.indexOf("--target");
  return at < 0 ? undefined : args[at + 1];
}

/** The same times on every machine: the program then has the same bytes. */
async function settleTimes(folder: string): Promise<void> {
  const epoch = Number(Deno.env.get("SOURCE_DATE_EPOCH") ?? "0");
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.utime(`${folder}/${name}`, epoch, epoch);
  }
}

async function link(): Promise<void> {
  for (const tool of TOOLS) {
    await Deno.remove(`${DIST}${tool}`).catch(() => {});
    await Deno.symlink("regkit", `${DIST}${tool}`);
  }
}

/** Runs the program as each tool, from `/` with an empty environment. */
async function smoke(): Promise<void> {
  for (const tool of TOOLS) {
    const { success, stdout, stderr } = await new Deno.Command(
      `${DIST}${tool}`,
      { args: ["version"], cwd: "/", clearEnv: true },
    ).output();
    const text = new TextDecoder().decode(stdout);
    if (!success || !/^VCSTag: /.test(text)) {
      throw new Error(
        `${tool} version failed: ${new TextDecoder().decode(stderr)}`,
      );
    }
    console.log(`ok  ${tool} version  ${text.split("\n")[0]}`);
  }
}

async function sums(): Promise<void> {
  const lines: string[] = [];
  for await (const { name, isFile } of Deno.readDir(DIST)) {
    if (!isFile || !name.startsWith("regkit") || name.endsWith(".sums")) {
      continue;
    }
    const bytes = await Deno.readFile(`${DIST}${name}`);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    lines.push(`${hash.toHex()}  ${name}\n`);
    console.log(`${name}  ${(bytes.length / 1e6).toFixed(1)} MB`);
  }
  await Deno.writeTextFile(`${DIST}SHA256SUMS`, lines.sort().join(""));
}
