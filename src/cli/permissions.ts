/**
 * What a command needs of the system, and how the rest is given up.
 *
 * A command declares its needs; {@linkcode restrict} gives up the others before
 * it runs, and what depends on its configuration is settled when that is known.
 * Reading files stays: templates and certificates need it. What was given up
 * cannot be had back in this process.
 *
 * @module
 */
import process from "node:process";
import { RegError } from "../base/errors.ts";

/** Why each permission that a command may declare is there. */
const USES = {
  net: "reach registries",
  run: "run credential helpers",
  write: "write files",
} as const;

/** A permission that a command may declare. */
export type Need = keyof typeof USES;

/** All of them. */
const ALL: readonly Need[] = ["net", "run", "write"];

/** The needs of commands that read from registries; helpers may give the logins. */
export const READS: readonly Need[] = ["net", "run"];
/** The needs of commands that write files, or into layouts. */
export const WRITES: readonly Need[] = ["net", "run", "write"];

/** What needs may depend on. */
export interface NeedsCall {
  /** The positional arguments. */
  readonly args: readonly (string | undefined | readonly string[])[];
  /** The flags. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** The needs of a command, or how they follow from its arguments. */
export type Needs = readonly Need[] | ((call: NeedsCall) => readonly Need[]);

/** The needs of commands that read the one repository of their first argument. */
export function looks({ args: [repository] }: NeedsCall): readonly Need[] {
  return isLayout(repository) ? [] : READS;
}

/** The needs of commands that change a repository, which only in a layout is files. */
export function changes({ args, flags }: NeedsCall): readonly Need[] {
  // Flags name repositories, too: --referrers-tgt.
  return [...args.flat(), ...Object.values(flags).flat()].some(isLayout)
    ? WRITES
    : READS;
}

function isLayout(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("ocidir:");
}

/** The permissions of this process. */
export interface Permissions {
  /** What this process may do. */
  granted(): readonly string[];
  /** What it has given up, granted or not. */
  readonly givenUp: ReadonlySet<string>;
  /**
   * Gives a permission up, unless it is needed.
   *
   * @throws {RegError} `denied` where it is needed and was given up before.
   */
  settle(need: Need, isNeeded: boolean): void;
}

/** Gives up what a command does not need. */
export function restrict(
  permissions: Permissions | undefined,
  needs: readonly Need[],
): void {
  for (const need of ALL) permissions?.settle(need, needs.includes(need));
}

const NAMES = ["env", "ffi", "net", "read", "run", "sys", "write"] as const;
type Name = typeof NAMES[number];

/**
 * The permissions of this process, with the runtime behind them. The environment
 * is given up at once, for packages too: they find it empty, and nobody is asked
 * whether they may read it. Programs that are run still inherit it.
 */
export function systemPermissions(): Permissions {
  const givenUp = new Set<Name>();
  const giveUp = (name: Name) => {
    if (givenUp.has(name)) return;
    givenUp.add(name);
    Deno.permissions.revokeSync({ name });
  };
  Object.defineProperty(process, "env", { value: {}, writable: true });
  giveUp("env");
  giveUp("ffi");
  return {
    givenUp,
    granted: () =>
      NAMES.filter((name) =>
        Deno.permissions.querySync({ name }).state === "granted"
      ),
    settle(need, isNeeded) {
      if (!isNeeded) {
        giveUp(need);
        // Encrypted connections ask for what the system trusts.
        if (need === "net") giveUp("sys");
        return;
      }
      if (!givenUp.has(need)) return;
      throw new RegError(
        "denied",
        `Cannot ${
          USES[need]
        }: the program gave that up when it started, start it again`,
      );
    },
  };
}
