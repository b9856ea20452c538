/**
 * Runs command lines with an upstream tool and with ours, each against the
 * same state of the same registry and the same folder, and compares what they
 * print, how they end and what they leave.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { TOOLS } from "../../src/main.ts";
import { cli } from "./cli.ts";
import { peer, type PeerName, peerTest } from "./peers.ts";
import { type Finished, mustRun, type ProcessOptions, run } from "./process.ts";
import { ours } from "./program.ts";
import type { RealRegistry } from "./registries.ts";
import { folderState, registryState } from "./snapshot.ts";
import { tempDir } from "./temp.ts";

/** What may differ, and the row of docs/compatibility.md that says why. */
export interface Difference {
  /** What differs. */
  readonly what: "stdout" | "exit" | "registry" | "folder";
  /** Words of the row, as they stand there. */
  readonly row: string;
}

/** A tool that there is twice. */
type Tool = PeerName & ("regctl" | "regsync" | "regbot");

/** One command line. */
export interface Case {
  /**
   * The words after the tool's name, as a shell splits them. `$REG` is the
   * registry; other `$NAMES` are the world's.
   */
  readonly line: string;
  /** How stdout is compared. @default {"text"} */
  readonly as?: "text" | "json" | "lines" | "ignored";
  /** What the tool reads from its standard input. */
  readonly stdin?: string;
  /** Variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Command lines of upstream that prepare the state. */
  readonly before?: readonly string[];
  /** The deliberate differences. */
  readonly differs?: readonly Difference[];
}

/** A registry and a folder with their first state, and names for the lines. */
export interface World {
  /** The registry. */
  readonly registry: RealRegistry;
  /** Copy of its storage as each case finds it. */
  readonly storage: string;
  /** What the registry holds at first, and after the last case, once known. */
  readonly seen: {
    first?: Record<string, string>;
    last?: Record<string, string>;
  };
  /** The folder as each case finds it: its `home` becomes HOME. */
  readonly folder: string;
  /** Values of `$NAMES`. */
  readonly names: Readonly<Record<string, string>>;
}

/** What a run has left. */
export interface Outcome extends Finished {
  /** The registry afterwards. */
  readonly registry: Record<string, string>;
  /** The folder afterwards. */
  readonly folder: Record<string, string>;
}

const PAGE = await Deno.readTextFile(
  new URL("../../docs/compatibility.md", import.meta.url),
);

/** Splits a line as a shell does: blanks, '…' and "…", nothing else. */
export function words(line: string): string[] {
  return [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, one, two) => one ?? two)
  );
}

function expand(text: string, names: Readonly<Record<string, string>>): string {
  return text.replace(/\$([A-Z][A-Z0-9_]*)/g, (_, name) => {
    const value = names[name];
    if (value === undefined) throw new Error(`No value for $${name}`);
    return value;
  });
}

/** Runs a tool with words, in a folder. */
type Runner = (
  args: readonly string[],
  options: ProcessOptions & { readonly cwd: string; readonly stdin: string },
) => Promise<Finished>;

/** An upstream tool. */
function upstreamRunner(tool: Tool): Runner {
  return (args, options) => run(peer(tool), args, options);
}

/**
 * Ours: in this process, which is quick, or the executable that REGKIT_PROGRAM
 * names.
 */
async function oursRunner(tool: Tool): Promise<Runner> {
  if (Deno.env.has("REGKIT_PROGRAM")) {
    return (args, options) => ours(tool, args, options);
  }
  const loaded = await TOOLS[tool]?.load();
  if (loaded === undefined) throw new Error(`No tool "${tool}"`);
  return async (args, { cwd, env = {}, stdin }) => {
    const before = Deno.cwd();
    Deno.chdir(cwd);
    try {
      const { exit, stdout, stderr } = await cli(loaded, args, {
        env: { PATH: Deno.env.get("PATH") ?? "", ...env },
        stdin,
      });
      return { code: exit, stdout, stderr };
    } finally {
      Deno.chdir(before);
    }
  };
}

/** Brings the registry back to its first state, where a case has changed it. */
async function restore(world: World): Promise<void> {
  const { registry, storage, seen } = world;
  seen.first ??= await registryState(storage);
  if (isDeepStrictEqual(seen.last, seen.first)) return;
  await mustRun("rm", ["-rf", registry.storage]);
  await mustRun("cp", ["-a", storage, registry.storage]);
}

/** Runs a case with one tool from the world's first state. */
export async function outcome(
  world: World,
  one: Case,
  tools: { readonly tool: Runner; readonly upstream: Runner },
): Promise<Outcome> {
  const { registry, folder, names } = world;
  await using dir = await tempDir();
  const place = `${dir.path}/w`;
  await mustRun("cp", ["-a", folder, place]);
  await restore(world);
  const options = {
    cwd: place,
    env: {
      HOME: `${place}/home`,
      SOURCE_DATE_EPOC: "1700000000", // upstream's spelling
      SOURCE_DATE_EPOCH: "1700000000",
      ...one.env,
    },
  };
  const execute = (tool: Runner, line: string, stdin = "") =>
    tool(words(expand(line, names)), {
      ...options,
      stdin: expand(stdin, names),
    });
  for (const line of one.before ?? []) {
    const { code, stderr } = await execute(tools.upstream, line);
    strictEqual(code, 0, `${line}: ${stderr}`);
  }
  const finished = await execute(tools.tool, one.line, one.stdin);
  world.seen.last = await registryState(registry.storage);
  return {
    ...finished,
    stdout: finished.stdout.replaceAll(place, "$PLACE"),
    registry: world.seen.last,
    folder: await folderState(place),
  };
}

/** What of an outcome is compared. */
function compared(one: Case, result: Outcome): Record<string, unknown> {
  return {
    exit: result.code === 0 ? "done" : "failed",
    stdout: printed(one, result.stdout),
    registry: result.registry,
    folder: result.folder,
  };
}

function printed(one: Case, stdout: string): unknown {
  switch (one.as ?? "text") {
    case "ignored":
      return undefined;
    case "json":
      return stdout.trim() === "" ? "" : JSON.parse(stdout);
    case "lines":
      return stdout.split("\n").sort();
    default:
      return stdout;
  }
}

/** Fails unless both outcomes are equal but for the deliberate differences. */
export function compare(one: Case, theirs: Outcome, mine: Outcome): void {
  const [upstream, ours] = [compared(one, theirs), compared(one, mine)];
  const told = `upstream: ${theirs.stderr.trim()}\nours: ${mine.stderr.trim()}`;
  if (mine.code !== 0 && theirs.stderr !== "") {
    ok(mine.stderr !== "", "A failure must say why");
  }
  const excused = new Set(
    (one.differs ?? []).map(({ what }) => what as string),
  );
  for (const { what, row } of one.differs ?? []) {
    ok(PAGE.includes(row), `docs/compatibility.md has no row with "${row}"`);
    ok(
      !isDeepStrictEqual(upstream[what], ours[what]),
      `${what} is equal: the exception "${row}" is out of date`,
    );
  }
  for (const what of ["exit", "stdout", "registry", "folder"]) {
    if (excused.has(what)) continue;
    deepStrictEqual(
      ours[what],
      upstream[what],
      message(what, ours, upstream, told),
    );
  }
}

/** A test that runs cases one after another, a step each. */
export function differentialTest(
  tool: Tool,
  options: {
    readonly name: string;
    readonly world: () => Promise<World & AsyncDisposable>;
    readonly cases: readonly Case[];
  },
): void {
  const { name, world, cases } = options;
  peerTest(
    `${tool} and ours do the same: ${name}`,
    [tool, "distribution"],
    async (t) => {
      await using ground = await world();
      const upstream = upstreamRunner(tool);
      const mine = await oursRunner(tool);
      for (const one of cases) {
        await t.step(`${tool} ${one.line}`, async () => {
          compare(
            one,
            await outcome(ground, one, { tool: upstream, upstream }),
            await outcome(ground, one, { tool: mine, upstream }),
          );
        });
      }
    },
  );
}

/** The difference in full, of states only what differs: assertions cut long texts. */
function message(
  what: string,
  ours: Record<string, unknown>,
  upstream: Record<string, unknown>,
  told: string,
): string | undefined {
  const [mine, theirs] = [ours[what], upstream[what]];
  if (isDeepStrictEqual(mine, theirs)) return undefined;
  return `${what} differs\n--- upstream\n${only(theirs, mine)}\n--- ours\n${
    only(mine, theirs)
  }\n---\n${told}`;
}

/** The text of a value; of a state, the entries that the other one lacks. */
function only(value: unknown, other: unknown): string {
  if (typeof value === "string") return value;
  if (!isState(value) || !isState(other)) return JSON.stringify(value, null, 1);
  return Object.entries(value)
    .filter(([key, inner]) => !isDeepStrictEqual(inner, other[key]))
    .map(([key, inner]) => `${key}: ${JSON.stringify(inner)}`).join("\n");
}

function isState(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
