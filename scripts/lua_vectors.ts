/**
 * Runs a file of Lua 5.1 vectors and tells how many hold:
 * `deno run -A scripts/lua_vectors.ts FILE`. A vector is a script with what it
 * prints and the error it ends with; what upstream's interpreter gives counts
 * as well, where the file has it. The last two lines are `N of M` for all
 * categories but `errmsg`, and `reg N of M` for the one of that name.
 *
 * @module
 */
import { DEFAULT_LIMITS } from "../src/lua/engine/limits.ts";
import { type Outcome, Script } from "../src/lua/engine/script.ts";
import { luaModule } from "../src/lua/wasm.ts";

/** What a script prints, and how it fails. */
interface Expected {
  readonly stdout: string;
  readonly error?: string | null;
}

/** One vector of the file. */
interface Vector extends Expected {
  readonly name: string;
  readonly category: string;
  readonly script: string;
  readonly gopher?: Expected;
}

/** Runs a vector and compares. */
export function holds(module: WebAssembly.Module, vector: Vector): boolean {
  const got = run(module, vector.script);
  return [vector, ...(vector.gopher ? [vector.gopher] : [])].some((expected) =>
    got.stdout === expected.stdout &&
    (got.error ?? null) === (expected.error ?? null)
  );
}

function run(module: WebAssembly.Module, source: string): Expected {
  const printed: number[] = [];
  const script = new Script(module, {
    limits: { ...DEFAULT_LIMITS, instructions: 1e9 },
    interface: { classes: [], functions: [] },
    host: {
      call: () => new Uint8Array(),
      write: (bytes) => printed.push(...bytes),
      idle: () => {},
      stopped: () => undefined,
      release: () => {},
    },
  });
  const outcome = script.run(new TextEncoder().encode(source), "<string>");
  const stdout = new TextDecoder().decode(Uint8Array.from(printed));
  const error = errorOf(outcome);
  return error === undefined ? { stdout } : { stdout, error };
}

function errorOf(outcome: Outcome): string | undefined {
  if (outcome.type === "done" || outcome.type === "exited") return undefined;
  if (outcome.type !== "failed") return outcome.message;
  const { message, valueType } = outcome;
  return valueType === "string" || valueType === "number"
    ? message
    : `<${valueType}>`;
}

/** Runs all vectors of a file, prints those that do not hold, and the counts. */
export async function main(
  path: string,
  print: (line: string) => void,
): Promise<boolean> {
  const vectors: Vector[] = JSON.parse(await Deno.readTextFile(path));
  const module = await luaModule();
  const results = vectors.map((vector) => ({
    ...vector,
    holds: holds(module, vector),
  }));
  for (const { name, holds } of results) if (!holds) print(`differs: ${name}`);
  const count = (text: string, chosen: typeof results) =>
    print(`${text}${chosen.filter((r) => r.holds).length} of ${chosen.length}`);
  const reg = results.filter((r) => r.category === "reg");
  const other = results.filter((r) => r.category !== "errmsg");
  count("", other);
  count("reg ", reg);
  return reg.every((r) => r.holds) &&
    other.filter((r) => r.holds).length >= other.length * 0.95;
}

if (import.meta.main) {
  const [path] = Deno.args;
  if (path === undefined) {
    console.error("usage: lua_vectors.ts FILE");
    Deno.exit(2);
  }
  // The vectors were made in UTC.
  Deno.env.set("TZ", "UTC");
  Deno.exitCode = await main(path, (line) => console.log(line)) ? 0 : 1;
}
