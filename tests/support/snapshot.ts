/** What a folder or a registry holds, as data that two runs can be compared by. */
import { createHash } from "node:crypto";
import { mustRun } from "./process.ts";

/** A registry may be removing what belongs to an upload that ended. */
function unlessGone(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

async function entriesOf(folder: string): Promise<readonly Deno.DirEntry[]> {
  return await Array.fromAsync(Deno.readDir(folder)).catch(unlessGone) ?? [];
}

/** Files below a folder, as `path` to what `show` makes of the bytes. */
async function walk(
  root: string,
  show: (
    path: string,
    bytes: Uint8Array,
  ) => string | undefined | Promise<string | undefined>,
  below = "",
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await entriesOf(`${root}/${below}`)) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory) {
      Object.assign(found, await walk(root, show, path));
      continue;
    }
    const bytes = await Deno.readFile(`${root}/${path}`).catch(unlessGone);
    const shown = bytes && await show(path, bytes);
    if (shown !== undefined) found[path] = shown;
  }
  return found;
}

/** What the files of a folder hold: JSON and archives by their structure, all else by its hash. */
export function folderState(root: string): Promise<Record<string, string>> {
  return walk(root, (path, bytes) => {
    if (path.endsWith(".json")) return structure(bytes);
    if (/\.(tar|tgz)$/.test(path)) return entries(`${root}/${path}`);
    return createHash("sha256").update(bytes).digest("hex");
  });
}

/** JSON without the order of its keys. */
function structure(bytes: Uint8Array): string {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return JSON.stringify(sorted(value));
}

/** The names of an archive's files. */
async function entries(path: string): Promise<string> {
  const names = await mustRun("tar", ["-tf", path]);
  return names.split("\n").filter((name) => !/(^|\/)$/.test(name)).sort()
    .join("\n");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

interface Index {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly subject?: unknown;
}

/**
 * What a registry (CNCF distribution, docker-registry) holds, read from its
 * storage: which repository has which tags, manifests and blobs. The history
 * of a tag and uploads that were begun are left out; so is the order of the
 * entries in a list of referrers, which are added by several writers at once.
 */
export async function registryState(
  storage: string,
): Promise<Record<string, string>> {
  const text = new TextDecoder();
  const documents = new Map<string, Index>();
  const state = await walk(
    `${storage}/docker/registry/v2`,
    (path, bytes) => {
      if (/\/_uploads\/|\/tags\/[^/]+\/index\//.test(path)) return undefined;
      if (path.endsWith("/link")) return text.decode(bytes);
      if (bytes[0] === 0x7b && path.endsWith("/data")) {
        const [algorithm, , hex] = path.split("/").slice(-4);
        documents.set(`${algorithm}:${hex}`, JSON.parse(text.decode(bytes)));
      }
      return String(bytes.length);
    },
  );
  const isReferrers = ({ manifests = [] }: Index) =>
    manifests.length > 0 &&
    manifests.every(({ digest }) => documents.get(digest)?.subject);
  for (const [digest, document] of documents) {
    if (isReferrers(document)) hideOrder(state, digest, document);
  }
  return state;
}

/** Names a list of referrers by what it lists, and forgets its forms on the way. */
function hideOrder(
  state: Record<string, string>,
  digest: string,
  { manifests = [] }: Index,
): void {
  const listed = manifests.map((entry) => JSON.stringify(sorted(entry))).sort();
  const hex = digest.slice(digest.indexOf(":") + 1);
  for (const [path, value] of Object.entries(state)) {
    if (path.includes(`/${hex}/`)) delete state[path];
    else if (value === digest) state[path] = `referrers ${listed.join(" ")}`;
  }
}
