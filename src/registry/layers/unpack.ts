/**
 * An archive unpacked into a directory, and nowhere else.
 *
 * @module
 */
import { dirname, join, sep } from "node:path";
import { RegError } from "../../base/errors.ts";
import { fileError } from "../../base/file_error.ts";
import { FileWriter } from "../store/layout/file_stream.ts";
import { type TarHeader, TYPE } from "../tar/header.ts";
import type { TarEntry } from "../tar/reader.ts";
import { readLayer, type ReadLayerOptions } from "./read_layer.ts";

/**
 * Unpacks an archive, packed in any way that we can unpack, with its links,
 * modes and times. Owners are those of the process, and no file gets the bits
 * that let it run as another user.
 *
 * @param root The directory; it is made where it is missing.
 * @throws {RegError} `denied` for a name or a link that leads out, `unsupported`
 * for devices and pipes; what was unpacked before stays.
 */
export async function unpackInto(
  root: string,
  archive: ReadableStream<Uint8Array>,
  options: ReadLayerOptions = {},
): Promise<void> {
  await attempt(root, () => Deno.mkdir(root, { recursive: true }));
  const folder = new Folder(await Deno.realPath(root));
  for await (const entry of readLayer(archive, options)) {
    options.signal?.throwIfAborted();
    await folder.add(entry);
  }
  await folder.finish();
}

/** How many links the system follows before it calls them a loop. */
const LINKS = 40;

/** A directory to unpack into. */
class Folder {
  readonly #root: string;
  /** Directories get their mode and times when nothing is added any more. */
  readonly #directories = new Map<string, TarHeader>();
  /** Symbolic links that were made. */
  readonly #links = new Map<string, TarHeader>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes what an entry describes. */
  async add(entry: TarEntry): Promise<void> {
    const { header } = entry;
    const { type } = header;
    if (type === TYPE.paxGlobal) return;
    const parts = partsOf(header.name);
    const path = join(this.#root, ...parts);
    if (type === TYPE.directory) return await this.#directory(parts, header);
    if (parts.length === 0) throw outside(header.name);
    await this.#parent(parts, header.name);
    await attempt(header.name, () => removeFile(path));
    if (type === TYPE.file || type === TYPE.contiguous) {
      return await attempt(header.name, () => writeFile(path, entry));
    }
    if (type === TYPE.symlink) return await this.#symlink(path, header);
    if (type === TYPE.link) return await this.#link(path, header);
    throw new RegError(
      "unsupported",
      `Cannot unpack "${header.name}": it is neither file, directory nor link`,
    );
  }

  /** Gives directories their modes and times, the deepest first. */
  async finish(): Promise<void> {
    // What came later may have turned a link around.
    for (const [path, header] of this.#links) {
      await this.#mustStayInside(path, header);
    }
    const deepest = [...this.#directories]
      .sort(([a], [b]) => b.split(sep).length - a.split(sep).length);
    for (const [path, header] of deepest) {
      const info = await Deno.lstat(path).catch(() => undefined);
      // A later entry may have put something else there.
      if (info?.isDirectory) {
        await attempt(header.name, () => setModeAndTimes(path, header));
      }
    }
  }

  async #directory(parts: readonly string[], header: TarHeader): Promise<void> {
    await this.#parent(parts, header.name);
    const path = join(this.#root, ...parts);
    const info = await Deno.lstat(path).catch(() => undefined);
    if (!info?.isDirectory) {
      await attempt(header.name, async () => {
        await removeFile(path);
        await Deno.mkdir(path);
      });
    }
    if (parts.length > 0) this.#directories.set(path, header);
  }

  /** Makes the directories above an entry; none of them may lead out. */
  async #parent(parts: readonly string[], name: string): Promise<void> {
    for (let depth = 1; depth < parts.length; depth++) {
      const path = join(this.#root, ...parts.slice(0, depth));
      const info = await Deno.lstat(path).catch(() => undefined);
      if (info === undefined) await attempt(name, () => Deno.mkdir(path));
      else if (info.isSymlink) await this.#mustBeInside(path, name);
    }
  }

  /** A link may lead anywhere inside, also to what does not exist yet. */
  async #symlink(path: string, header: TarHeader): Promise<void> {
    const { name, linkname } = header;
    await attempt(name, () => Deno.symlink(linkname, path));
    this.#links.set(path, header);
    await this.#mustStayInside(path, header);
  }

  async #link(path: string, header: TarHeader): Promise<void> {
    const { name, linkname } = header;
    const parts = partsOf(linkname);
    const target = join(this.#root, ...parts);
    await this.#mustBeInside(dirname(target), name);
    const info = await attempt(name, () => Deno.lstat(target));
    if (!info.isFile) throw outside(name, linkname);
    await attempt(name, () => Deno.link(target, path));
  }

  /** Removes a link that leads out, by whatever other links. */
  async #mustStayInside(path: string, header: TarHeader): Promise<void> {
    if (!await this.#leadsOut(path)) return;
    await removeFile(path);
    throw outside(header.name, header.linkname);
  }

  /** Follows a path inside, also where it leads to nothing. */
  async #leadsOut(path: string): Promise<boolean> {
    const queue = path.slice(this.#root.length).split(sep);
    const walked: string[] = [];
    for (let hops = 0; queue.length > 0 && hops < LINKS;) {
      const part = queue.shift() ?? "";
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (walked.pop() === undefined) return true;
        continue;
      }
      walked.push(part);
      const here = join(this.#root, ...walked);
      const info = await Deno.lstat(here).catch(() => undefined);
      if (!info?.isSymlink) continue;
      hops++;
      walked.pop();
      const target = await Deno.readLink(here);
      if (target.startsWith("/")) return true;
      queue.unshift(...target.split(/[/\\]/));
    }
    return false;
  }

  async #mustBeInside(path: string, name: string): Promise<void> {
    const real = await attempt(name, () => Deno.realPath(path));
    if (!this.#isInside(real)) throw outside(name);
  }

  #isInside(path: string): boolean {
    return path === this.#root || path.startsWith(this.#root + sep);
  }
}

/** The parts of a path; `..` may not leave the root. */
function partsOf(name: string): readonly string[] {
  const parts: string[] = [];
  for (const part of name.split(/[/\\]/)) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) throw outside(name);
  }
  return parts;
}

async function writeFile(path: string, entry: TarEntry): Promise<void> {
  {
    using file = await Deno.open(path, { write: true, createNew: true });
    const writer = new FileWriter(file, path);
    for await (const chunk of entry.body()) await writer.write(chunk);
    await writer.flush();
  }
  await setModeAndTimes(path, entry.header);
}

async function setModeAndTimes(path: string, header: TarHeader): Promise<void> {
  const mtime = Number(header.mtime) / 1e9;
  const atime = header.atime === undefined ? mtime : Number(header.atime) / 1e9;
  await Deno.utime(path, atime, mtime);
  if (Deno.build.os !== "windows") await Deno.chmod(path, header.mode & 0o777);
}

/** Removes what is at a path, unless it is a directory with something in it. */
async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function outside(name: string, link?: string): RegError {
  const what = link === undefined ? "it leads" : `its link "${link}" leads`;
  return new RegError(
    "denied",
    `Cannot unpack "${name}": ${what} out of the folder`,
  );
}

async function attempt<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, `unpack "${name}"`);
  }
}
