/**
 * Numbers beside the peers: `deno task bench [--check] [NAME...]`.
 *
 * NAME is a file `bench/NAME_bench.ts`. Each is a program that prints lines
 *
 *     NAME OURS PEER RATIO BOUND
 *
 * where BOUND is `<=1.05` or `>=2` for the ratio, `<=150MiB` for our own number
 * in that unit, or `-` where there is nothing to hold. With `--check` a broken
 * bound fails, and so does a benchmark that prints no line.
 *
 * @module
 */

const LINE = /^(\S+) (\S+) (\S+) (\S+) (-|[<>]=\S+)$/;

/** Whether a line keeps its bound; `undefined` where it is no such line. */
export function keepsBound(line: string): boolean | undefined {
  const [, , ours = "", , ratio = "", bound = ""] = LINE.exec(line) ?? [];
  if (bound === "") return undefined;
  if (bound === "-") return true;
  const limit = bound.slice(2);
  const unit = /[a-zA-Z]*$/.exec(limit)?.[0] ?? "";
  const value = unit === "" ? ratio : ours;
  // Numbers in another unit than the bound's cannot be compared: broken.
  if (!value.endsWith(unit)) return false;
  const [got, wanted] = [parseFloat(value), parseFloat(limit)];
  return bound.startsWith("<=") ? got <= wanted : got >= wanted;
}

async function benches(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir("bench")) {
    if (name.endsWith("_bench.ts")) names.push(name.replace("_bench.ts", ""));
  }
  return names.sort();
}

async function lines(name: string): Promise<string[]> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `bench/${name}_bench.ts`],
    stdin: "null",
    stderr: "inherit",
  }).output();
  const text = new TextDecoder().decode(stdout);
  await Deno.stdout.write(stdout);
  if (!success) return [];
  return text.split("\n").filter((line) => LINE.test(line));
}

async function main(args: readonly string[]): Promise<number> {
  const check = args.includes("--check");
  const wanted = args.filter((arg) => arg !== "--check");
  const known = await benches();
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`No benchmark "${unknown}"; there are ${known.join(", ")}`);
    return 2;
  }
  let broken = 0;
  for (const name of wanted.length > 0 ? wanted : known) {
    const printed = await lines(name);
    const bad = printed.filter((line) => keepsBound(line) === false);
    for (const line of bad) console.log(`BROKEN ${line}`);
    if (printed.length === 0) console.log(`BROKEN ${name}: it printed no line`);
    broken += printed.length === 0 ? 1 : bad.length;
  }
  return check && broken > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exitCode = await main(Deno.args);
