/**
 * Calls to the file system that say what a layout has to know of their failures.
 *
 * @module
 */
import { fileError } from "../../../base/file_error.ts";

/** Removes a file, if it is there. */
export async function removeFile(path: string): Promise<boolean> {
  return await absent(Deno.remove(path).then(() => true)) ?? false;
}

/** Awaits a file operation; `undefined` where there is nothing at the path. */
export async function absent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return undefined;
    throw fileError(error);
  }
}

/** Lists a directory; nothing where there is none. */
export async function* list(path: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw fileError(error);
  }
}

/**
 * Awaits a file operation.
 *
 * @param action See {@linkcode fileError}.
 */
export async function attempt<T>(
  work: Promise<T>,
  action?: string,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fileError(error, action);
  }
}

/** Moves a file, also from another file system; what is there is replaced at once. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (error) {
    // EXDEV: the file comes from another file system.
    const isElsewhere = error instanceof Error && "code" in error &&
      error.code === "EXDEV";
    if (!isElsewhere) throw fileError(error);
    const beside = `${to}.${crypto.randomUUID()}.tmp`;
    await attempt(Deno.copyFile(from, beside));
    await attempt(Deno.rename(beside, to));
    await removeFile(from);
  }
}
