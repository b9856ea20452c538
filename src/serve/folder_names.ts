/**
 * Which folder a repository is in.
 *
 * @module
 */
import { join } from "node:path";
import { isRepository } from "../registry/reference.ts";

/**
 * What a layout keeps in its folder. A repository of such a name inside of
 * another one would lie in that one's layout.
 */
const TAKEN: ReadonlySet<string> = new Set([
  "blobs",
  "index.json",
  "oci-layout",
]);

/** Marks an escaped part: no part of a name begins with it. */
const MARK = "_";

/** Where uploads are kept: no part of a name begins with a dot. */
export const UPLOADS = ".uploads";

/**
 * The folder of a repository.
 *
 * @param root The folder of all repositories.
 * @param name The repository's name, checked.
 */
export function folderOf(root: string, name: string): string {
  const parts = name.split("/").map((part, at) =>
    at > 0 && TAKEN.has(part) ? MARK + part : part
  );
  return join(root, ...parts);
}

/** The repositories below a folder, in the order of the file system. */
export async function* repositoriesIn(
  root: string,
  above: readonly string[] = [],
): AsyncGenerator<string> {
  const parent = above.join("/");
  const folder = parent === "" ? root : folderOf(root, parent);
  const names = await list(folder);
  if (parent !== "" && names.has("oci-layout")) yield parent;
  for (const [entry, isFolder] of names) {
    const part = partOf(entry, above.length);
    if (part === undefined || !isFolder) continue;
    yield* repositoriesIn(root, [...above, part]);
  }
}

/** The part of a name that a folder stands for; `undefined` for all others. */
function partOf(entry: string, depth: number): string | undefined {
  const plain = entry.startsWith(MARK) ? entry.slice(1) : entry;
  const isEscaped = depth > 0 && TAKEN.has(plain);
  if (isEscaped !== (plain !== entry)) return undefined;
  return isRepository(plain) ? plain : undefined;
}

async function list(folder: string): Promise<ReadonlyMap<string, boolean>> {
  const names = new Map<string, boolean>();
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      names.set(name, isDirectory);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}
