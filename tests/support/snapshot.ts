/** What a folder or a registry holds, as data that two runs can be compared by. */
import { createHash } from "node:crypto";

/** Files below a folder, as `path` to what `show` makes of the bytes. */
async function walk(
  root: string,
  show: (path: string, bytes: Uint8Array) => string | undefined,
  below = "",
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const entry of Deno.readDir(`${root}/${below}`)) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory) {
      Object.assign(found, await walk(root, show, path));
      continue;
    }
    const shown = show(path, await Deno.readFile(`${root}/${path}`));
    if (shown !== undefined) found[path] = shown;
  }
  return found;
}

/** What the files of a folder hold: small JSON as it is, all else by its hash. */
export function folderState(root: string): Promise<Record<string, string>> {
  return walk(root, (path, bytes) => {
    if (/\.(json|tar|tgz)$/.test(path)) return structure(path, bytes);
    return createHash("sha256").update(bytes).digest("hex");
  });
}

/** JSON without the order of its keys; an archive by its size is not compared. */
function structure(path: string, bytes: Uint8Array): string | undefined {
  if (!path.endsWith(".json")) return undefined;
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/**
 * What a registry (CNCF distribution, docker-registry) holds, read from its
 * storage: which repository has which tags, manifests and blobs. The history
 * of a tag and uploads that were begun are left out.
 */
export function registryState(
  storage: string,
): Promise<Record<string, string>> {
  const root = `${storage}/docker/registry/v2`;
  const text = new TextDecoder();
  return walk(root, (path, bytes) => {
    if (/\/_uploads\/|\/tags\/[^/]+\/index\//.test(path)) return undefined;
    if (path.endsWith("/link")) return text.decode(bytes);
    return String(bytes.length);
  });
}
