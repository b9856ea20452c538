/**
 * A process's stay in a layout that it writes: while it lasts, no other process
 * of ours collects garbage there; the last one to leave tidies up.
 *
 * @module
 */
import { Semaphore } from "../../../base/semaphore.ts";
import type { CallOptions } from "../../core.ts";
import { isDigest } from "../../digest.ts";
import { lockFile, tryLockFile } from "./file_lock.ts";
import { absent } from "./file_system.ts";
import { type LayoutFiles, PRIVATE } from "./files.ts";
import { join } from "node:path";

/** Unfinished blobs that nobody went on with for so long are removed, in ms. */
const FORGOTTEN = 7 * 24 * 3600 * 1000;

/** How often entering is tried where others leave at the same moment. */
const ATTEMPTS = 5;

/** The list of digests whose garbage is still to be collected. */
const GARBAGE = "garbage";

/** A stay in a layout. */
export class LayoutSession {
  readonly #files: LayoutFiles;
  readonly #gate = new Semaphore(1);
  #stay: Disposable;

  private constructor(files: LayoutFiles, stay: Disposable) {
    this.#files = files;
    this.#stay = stay;
  }

  /** Enters a layout, whose directory is made where it is missing. */
  static async enter(
    files: LayoutFiles,
    options: CallOptions = {},
  ): Promise<LayoutSession> {
    const { signal } = options;
    for (let attempt = 1;; attempt++) {
      // What was made in an earlier stay was removed at its end.
      files.forget();
      const directory = await files.makeDirectory(PRIVATE);
      const use = join(directory, "use");
      try {
        {
          // Alone here: what is unfinished was left by a process that is gone.
          using alone = await tryLockFile(use);
          if (alone) await salvage(files);
        }
        const stay = await lockFile(use, { kind: "shared", signal });
        return new LayoutSession(files, stay);
      } catch (error) {
        // The last to leave may have removed the directory meanwhile, and the
        // next one may have made it anew.
        const isThere = await files.locate(directory) !== undefined;
        if (isThere && attempt > ATTEMPTS) throw error;
      }
    }
  }

  /** Does work while nobody else changes the index. */
  async exclusively<T>(
    work: () => Promise<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const { signal } = options;
    using _turn = await this.#gate.acquire({ signal });
    const path = this.#files.path(PRIVATE, "index");
    using _lock = await lockFile(path, { signal });
    return await work();
  }

  /**
   * Leaves. Where nobody else is in the layout, `collect` is called with what
   * earlier leavers could not collect, and our own files are removed; else
   * `orphans` are noted for the last one to leave.
   */
  async leave(
    orphans: ReadonlySet<string>,
    collect: (orphans: ReadonlySet<string>) => Promise<void>,
  ): Promise<void> {
    const garbage = this.#files.path(PRIVATE, GARBAGE);
    await this.#files.locate(garbage);
    if (orphans.size > 0) {
      const text = [...orphans, ""].join("\n");
      await absent(Deno.writeTextFile(garbage, text, { append: true }));
    }
    this.#stay[Symbol.dispose]();
    using alone = await this.#tryAlone();
    if (!alone) return;
    const noted = await absent(Deno.readTextFile(garbage)) ?? "";
    await collect(new Set(noted.split("\n").filter(isDigest)));
    await tidy(this.#files);
  }

  /** Locks the layout if nobody is in it; undefined also where another has tidied up. */
  async #tryAlone(): Promise<Disposable | undefined> {
    const directory = this.#files.path(PRIVATE);
    try {
      if (await this.#files.locate(directory) === undefined) return undefined;
      return await tryLockFile(join(directory, "use"));
    } catch (error) {
      if (await this.#files.locate(directory) === undefined) return undefined;
      throw error;
    }
  }
}

/** Gives unfinished blobs of ended processes back to whoever goes on with them. */
async function salvage(files: LayoutFiles): Promise<void> {
  const parts = files.path(PRIVATE, "parts");
  const oldest = Date.now() - FORGOTTEN;
  for await (const { name } of files.own(PRIVATE, "parts")) {
    const path = join(parts, name);
    const info = await absent(Deno.lstat(path));
    if (!info?.isFile) continue;
    if ((info.mtime?.getTime() ?? 0) < oldest) await absent(Deno.remove(path));
    else await absent(Deno.rename(path, join(parts, name.split(".")[0] ?? "")));
  }
  await absent(Deno.remove(files.path(PRIVATE, "temporary"), {
    recursive: true,
  }));
}

/** Removes our own directory, unless unfinished blobs are in it. */
async function tidy(files: LayoutFiles): Promise<void> {
  await salvage(files);
  for (const name of [GARBAGE, "index", "parts", "use", ""]) {
    try {
      await Deno.remove(files.path(PRIVATE, name));
    } catch {
      // Unfinished blobs are still in it, or somebody has just entered.
    }
  }
}
