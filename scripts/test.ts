/**
 * The tests by area: `deno task test [--no-skips] [AREA...]`. Without areas, all.
 *
 * An area is `unit`, `doc`, `e2e`, or what tests/integration/ holds: the file
 * `tls_test.ts` and the folder `tls/` make the area `tls`. A test whose peer is
 * not installed says `skipped: NAME not found`; with `--no-skips` that fails.
 *
 * @module
 */

import { unitTests } from "./unit_tests.ts";

/** What the tests of an area came to. */
interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const COMMON = ["test", "-A", "--no-check", "--trace-leaks"];
const INTEGRATION = "tests/integration";
/** Milliseconds for an area: one that hangs must not take the others along. */
const LIMIT = 20 * 60_000;

/** The arguments of `deno` for each area, in the order in which they run. */
async function areas(): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for await (const entry of Deno.readDir(INTEGRATION)) {
    if (!entry.isDirectory && !entry.name.endsWith("_test.ts")) continue;
    const area = entry.name.replace(/_test\.ts$/, "");
    const paths = found.get(area) ?? [];
    found.set(area, [...paths, `${INTEGRATION}/${entry.name}`]);
  }
  return new Map([
    ["unit", [...COMMON, "--parallel", ...await unitTests()]],
    ["doc", ["test", "-A", "--trace-leaks", "--doc", "src/"]],
    ...[...found].sort().map(([area, paths]) =>
      [area, [...COMMON, ...paths]] as const
    ),
    ["e2e", [...COMMON, "tests/e2e/"]], // last: it runs what was compiled
  ]);
}

/** Runs `deno`, shows what it prints and gives it back. */
async function shown(
  args: readonly string[],
): Promise<{ readonly text: string; readonly success: boolean }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  let text = "";
  const limit = setTimeout(() => {
    console.error(`Ended after ${LIMIT / 60_000} minutes`);
    child.kill("SIGKILL");
  }, LIMIT);
  const show = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      await Deno.stdout.write(chunk);
    }
  };
  const [{ success }] = await Promise.all([
    child.status.finally(() => clearTimeout(limit)),
    show(child.stdout),
    show(child.stderr),
  ]);
  return { text, success };
}

/** Reads what `deno test` says it did: `ok | 3 passed (2 steps) | 0 failed | 1 ignored`. */
function counted(text: string, success: boolean): Count {
  const line = [...text.matchAll(
    /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(?:.*?(\d+) ignored)?/gm,
  )].at(-1);
  const [passed = 0, failed = 0, skipped = 0] = (line ?? []).slice(1)
    .map((digits) => Number(digits ?? 0));
  // A run that broke before its tests, or after, has failed all the same.
  return { passed, failed: success ? failed : Math.max(1, failed), skipped };
}

const noSkips = Deno.args.includes("--no-skips");
const wanted = Deno.args.filter((arg) => arg !== "--no-skips");
const known = await areas();
const unknown = wanted.filter((area) => !known.has(area));
if (unknown.length > 0) {
  console.error(
    `No area "${unknown[0]}"; there are ${[...known.keys()].join(", ")}`,
  );
  Deno.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
const missing = new Set<string>();
for (const [area, args] of known) {
  if (wanted.length > 0 && !wanted.includes(area)) continue;
  const started = performance.now();
  const { text, success } = await shown(args);
  const count = counted(text, success);
  for (const [line] of text.matchAll(/^skipped: .*$/gm)) missing.add(line);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${area}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped in ${seconds} s`,
  );
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
}
for (const line of missing) console.log(line);
const failed = total.failed + (noSkips ? missing.size : 0);
console.log(
  `${total.passed} passed, ${failed} failed${
    total.skipped > 0 ? `, ${total.skipped} skipped` : ""
  }`,
);
Deno.exitCode = failed > 0 || total.passed === 0 ? 1 : 0;
