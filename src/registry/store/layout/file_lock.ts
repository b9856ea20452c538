/**
 * Locks between processes, by a file that says nothing.
 *
 * The kernel frees them when their holder ends, however it ends, so that no
 * lock is ever stale. They are the locks of SQLite on an empty database:
 * `Deno.FsFile.lock` can neither be tried nor given up before Deno 2.9.
 *
 * @module
 */
import { messageOf, RegError } from "../../../base/errors.ts";
import { sleep } from "../../../base/sleep.ts";
import type { CallOptions } from "../../core.ts";

/** Whether others may hold the lock too. */
export type LockKind = "shared" | "exclusive";

/** Options for {@linkcode lockFile}. */
export interface LockFileOptions extends CallOptions {
  /** Whether others may hold the lock too. @default {"exclusive"} */
  readonly kind?: LockKind;
  /** How long to wait between two attempts, in milliseconds. @default {5} */
  readonly pollMs?: number;
}

/** Waits for a lock; dispose what it returns to free it. */
export async function lockFile(
  path: string,
  options: LockFileOptions = {},
): Promise<Disposable> {
  const { kind = "exclusive", pollMs = 5, signal } = options;
  for (;;) {
    signal?.throwIfAborted();
    const lock = await tryLockFile(path, kind);
    if (lock) return lock;
    await sleep(pollMs, { signal });
  }
}

/** Takes a lock if it is free, else gives `undefined`. Makes the file. */
export async function tryLockFile(
  path: string,
  kind: LockKind = "exclusive",
): Promise<Disposable | undefined> {
  // Loaded by those who write only.
  const { DatabaseSync } = await import("node:sqlite");
  const before = await identity(path);
  const database = open(() => new DatabaseSync(path), path);
  try {
    begin(database, kind);
    // The last holder may have removed the file after we opened it.
    if (before !== "" && before === await identity(path)) {
      return { [Symbol.dispose]: () => database.close() };
    }
  } catch (error) {
    if (!isBusy(error)) {
      database.close();
      throw cannotLock(path, error);
    }
  }
  database.close();
  // A file that was not there is now.
  return before === "" ? await tryLockFile(path, kind) : undefined;
}

function open<T>(make: () => T, path: string): T {
  try {
    return make();
  } catch (error) {
    throw cannotLock(path, error);
  }
}

function cannotLock(path: string, cause: unknown): RegError {
  return new RegError(
    "file",
    `Cannot lock ${JSON.stringify(path)}: ${messageOf(cause)}`,
    { cause },
  );
}

function begin(
  database: { exec(sql: string): void },
  kind: LockKind,
): void {
  // A journal in memory leaves no second file.
  database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY;");
  if (kind === "exclusive") database.exec("BEGIN EXCLUSIVE");
  else database.exec("BEGIN; SELECT count(*) FROM sqlite_master;");
}

function isBusy(error: unknown): boolean {
  return error instanceof Error &&
    /database is locked|busy/.test(error.message);
}

/**
 * What tells a file from another at the same path. The file must not be opened
 * for it: closing it would end all of this process's POSIX locks on it.
 */
async function identity(path: string): Promise<string> {
  try {
    const { dev, ino, birthtime, isFile } = await Deno.lstat(path);
    if (!isFile) throw new RegError("denied", "it is no regular file");
    return `${dev}:${ino}:${birthtime?.getTime()}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw cannotLock(path, error);
  }
}
