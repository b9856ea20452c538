/**
 * What the functions of the interface work with while one script runs.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Semaphore } from "../../base/semaphore.ts";
import type { Client, OpenedStore } from "../../registry/open.ts";
import type { Reference } from "../../registry/reference.ts";
import type { Run } from "../../registry/run.ts";
import { type Action, type AllowLists, checkRepository } from "./allow.ts";
import type { Directories } from "./directories.ts";

/** One run of one script. */
export interface Session {
  /** The script's name in logs. */
  readonly name: string;
  /** Reaches registries and layouts. */
  readonly client: Pick<Client, "open" | "repositories">;
  /** Where records go. */
  readonly log: Log;
  /** Whether nothing may be changed. */
  readonly dryRun: boolean;
  /** Lets so many copies go on at a time, of all scripts together. */
  readonly gate: Semaphore;
  /** What the copies of this run share. */
  readonly run: Run;
  /** What the script may reach. */
  readonly allow: AllowLists;
  /** The files that the script may use. */
  readonly directories: Directories;
  /** Directories that `require` looks in, and what they may be. */
  readonly modules: ModulePath;
  /** Reads a variable of the environment. */
  readonly env: (name: string) => string | undefined;
  /** Versions, compared as the tools compare tags. */
  readonly versions: Versions;
}

/** Where modules are. */
export interface ModulePath {
  /** The directories, in order. */
  readonly directories: readonly string[];
  /** The files that may be read. */
  readonly files: Directories;
}

/** How versions are compared. */
export interface Versions {
  /** Negative, 0 or positive; nothing where one of them is no version. */
  compare(a: string, b: string): number | undefined;
  /**
   * The tags that satisfy a range.
   *
   * @throws {RegError} `config` for a range that is none.
   */
  filter(tags: readonly string[], range: string): readonly string[];
}

/** Opens the repository of a reference for one action, where the script may do it. */
export async function openFor(
  session: Session,
  ref: Reference,
  action: Action,
): Promise<OpenedStore> {
  checkRepository(session.allow, action, ref);
  if (ref.scheme !== "reg") await session.directories.check(ref.path);
  if (session.dryRun && action !== "read") {
    throw new RegError("internal", "a dry run opens nothing to change it");
  }
  return await session.client.open(ref);
}

/** Refuses an action that {@linkcode openFor} would refuse, and opens nothing. */
export async function mayDo(
  session: Session,
  ref: Reference,
  action: Action,
): Promise<void> {
  checkRepository(session.allow, action, ref);
  if (ref.scheme !== "reg") await session.directories.check(ref.path);
}
