/**
 * Runs command lines with an upstream tool and with ours, each against the
 * same state of the same registry and the same folder, and compares what they
 * print, how they end and what they leave.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { peer, type PeerName } from "./peers.ts";
import { type Finished, mustRun, run } from "./process.ts";
import { program } from "./program.ts";
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

/** The words that start the upstream tool, and ours. */
export function tools(
  tool: PeerName & ("regctl" | "regsync" | "regbot"),
): { readonly upstream: readonly string[]; readonly ours: readonly string[] } {
  return { upstream: [peer(tool)], ours: program(tool) };
}

/** Runs a case with one tool from the world's first state. */
export async function outcome(
  world: World,
  one: Case,
  tool: readonly string[],
  upstream: readonly string[],
): Promise<Outcome> {
  const { registry, storage, folder, names } = world;
  await using dir = await tempDir();
  const place = `${dir.path}/w`;
  await mustRun("cp", ["-a", folder, place]);
  await mustRun("rm", ["-rf", registry.storage]);
  await mustRun("cp", ["-a", storage, registry.storage]);
  const options = {
    cwd: place,
    env: {
      HOME: `${place}/home`,
      SOURCE_DATE_EPOC: "1700000000", // upstream's spelling
      SOURCE_DATE_EPOCH: "1700000000",
      ...one.env,
    },
  };
  const execute = (tool: readonly string[], line: string, stdin?: string) => {
    const [command = "", ...before] = tool;
    const args = words(expand(line, names));
    return run(command, [...before, ...args], {
      ...options,
      ...(stdin === undefined ? {} : { stdin: expand(stdin, names) }),
    });
  };
  for (const line of one.before ?? []) {
    const { code, stderr } = await execute(upstream, line);
    strictEqual(code, 0, `${line}: ${stderr}`);
  }
  const finished = await execute(tool, one.line, one.stdin ?? "");
  return {
    ...finished,
    stdout: finished.stdout.replaceAll(place, "$PLACE"),
    registry: await registryState(registry.storage),
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
  if (mine.code !== 0) ok(mine.stderr !== "", "A failure must say why");
  const excused = new Set(
    (one.differs ?? []).map(({ what }) => what as string),
  );
  for (const { what, row } of one.differs ?? []) {
    ok(PAGE.includes(row), `docs/compatibility.md has no row with "${row}"`);
    ok(
      JSON.stringify(upstream[what]) !== JSON.stringify(ours[what]),
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

/** The difference in full where it is small: assertions cut long texts. */
function message(
  what: string,
  ours: Record<string, unknown>,
  upstream: Record<string, unknown>,
  told: string,
): string | undefined {
  const [mine, theirs] = [ours[what], upstream[what]];
  if (JSON.stringify(mine) === JSON.stringify(theirs)) return undefined;
  const show = (value: unknown) =>
    typeof value === "string" ? value : JSON.stringify(value, null, 1);
  return `${what} differs\n--- upstream\n${show(theirs)}\n--- ours\n${
    show(mine)
  }\n---\n${told}`;
}
