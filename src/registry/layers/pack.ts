/**
 * A directory as a tar archive: the same directory gives the same bytes.
 *
 * @module
 */
import { join } from "node:path";
import { messageOf, RegError } from "../../base/errors.ts";
import type { CallOptions } from "../core.ts";
import { fileStream } from "../store/layout/file_stream.ts";
import { TYPE } from "../tar/header.ts";
import { type NewEntry, type NewHeader, writeTar } from "../tar/writer.ts";

/** Options for {@linkcode packDirectory}. */
export interface PackOptions extends CallOptions {
  /** Where the system's names of users are. @default {"/etc/passwd"} */
  readonly users?: string | undefined;
  /** Where the system's names of groups are. @default {"/etc/group"} */
  readonly groups?: string | undefined;
  /** What is written before each name, such as `etc/`. @default {""} */
  readonly prefix?: string | undefined;
}

/**
 * Packs what is in a directory, in the order of the names' bytes; times are in
 * seconds, owners are kept, links stay links. Sockets are left out.
 *
 * @throws {RegError} `not_found`, `file`.
 */
export async function* packDirectory(
  root: string,
  options: PackOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const { users = "/etc/passwd", groups = "/etc/group" } = options;
  const names = { user: await idNames(users), group: await idNames(groups) };
  const { isDirectory } = await attempt(root, () => Deno.stat(root));
  if (!isDirectory) {
    throw new RegError("file", `Cannot pack "${root}": it is no directory`);
  }
  yield* writeTar(walk(root, "", names, options));
}

interface Names {
  readonly user: ReadonlyMap<number, string>;
  readonly group: ReadonlyMap<number, string>;
}

async function* walk(
  root: string,
  below: string,
  names: Names,
  options: PackOptions,
): AsyncGenerator<NewEntry> {
  const { signal, prefix = "" } = options;
  const directory = join(root, below);
  const found = await attempt(
    directory,
    () => Array.fromAsync(Deno.readDir(directory)),
  );
  for (const name of found.map((entry) => entry.name).sort(byBytes)) {
    signal?.throwIfAborted();
    const path = below === "" ? name : `${below}/${name}`;
    const entry = await entryOf(join(root, path), names);
    if (entry === undefined) continue;
    const header = { ...entry.header, name: prefix + path };
    yield { ...entry, header };
    if (header.type === TYPE.directory) yield* walk(root, path, names, options);
  }
}

async function entryOf(
  path: string,
  names: Names,
): Promise<NewEntry | undefined> {
  const info = await attempt(path, () => Deno.lstat(path));
  const type = typeOf(info);
  if (type === undefined) return undefined;
  const { uid, gid, rdev, mode, mtime } = info;
  const isDevice = type === TYPE.character || type === TYPE.block;
  const header: NewHeader = {
    name: path,
    type,
    size: info.isFile ? info.size : 0,
    mode: (mode ?? 0o644) & 0o7777,
    uid: uid ?? 0,
    gid: gid ?? 0,
    uname: names.user.get(uid ?? 0) ?? "",
    gname: names.group.get(gid ?? 0) ?? "",
    mtime: BigInt(Math.floor((mtime?.getTime() ?? 0) / 1000)) * 1_000_000_000n,
    linkname: info.isSymlink
      ? await attempt(path, () => Deno.readLink(path))
      : "",
    ...(isDevice ? deviceOf(BigInt(rdev ?? 0)) : {}),
    format: "pax",
  };
  return info.isFile ? { header, body: content(path, info.size) } : { header };
}

function typeOf(info: Deno.FileInfo): string | undefined {
  if (info.isFile) return TYPE.file;
  if (info.isDirectory) return TYPE.directory;
  if (info.isSymlink) return TYPE.symlink;
  if (info.isCharDevice) return TYPE.character;
  if (info.isBlockDevice) return TYPE.block;
  return info.isFifo ? TYPE.fifo : undefined;
}

/** Linux's numbers of a device. */
function deviceOf(rdev: bigint): { devmajor: number; devminor: number } {
  return {
    devmajor: Number((rdev >> 8n & 0xfffn) | (rdev >> 32n & ~0xfffn)),
    devminor: Number((rdev & 0xffn) | (rdev >> 12n & ~0xffn)),
  };
}

async function* content(
  path: string,
  size: number,
): AsyncGenerator<Uint8Array> {
  const file = await attempt(path, () => Deno.open(path));
  // What is appended meanwhile is left out: the size is in the header already.
  yield* await fileStream(file, { end: size });
}

/** Reads `name:…:id:` lines; nothing where the file cannot be read. */
async function idNames(path: string): Promise<ReadonlyMap<number, string>> {
  const text = await Deno.readTextFile(path).catch(() => "");
  const rows = text.split("\n").map((line) => line.split(":"))
    .filter(([name, , id]) => name && id && /^\d+$/.test(id))
    .map(([name = "", , id]) => [Number(id), name] as const);
  return new Map(rows.reverse());
}

const encoder = new TextEncoder();

function byBytes(a: string, b: string): number {
  const [left, right] = [encoder.encode(a), encoder.encode(b)];
  const at = left.findIndex((byte, i) => byte !== right[i]);
  return at < 0
    ? left.length - right.length
    : (left[at] ?? 0) - (right[at] ?? -1);
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new RegError(
      error instanceof Deno.errors.NotFound ? "not_found" : "file",
      `Cannot pack "${path}": ${messageOf(error)}`,
      { cause: error },
    );
  }
}
