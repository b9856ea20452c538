/**
 * `io` and the functions of `os` that reach outside, within what is allowed.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import type { HostValue } from "../codec.ts";
import { ArgumentError } from "../worker_thread.ts";
import { mayRead } from "./allow.ts";
import type { Call } from "./call.ts";
import type { Definition } from "./definition.ts";
import { closeFile, FileObject } from "./objects.ts";

/** The largest piece that is read at once, in bytes. */
const MOST = 16 << 20;
/** Bytes read at a time while a line is looked for. */
const STEP = 4096;
const NEWLINE = 10;

const PATH = {
  name: "path",
  type: "string",
  text: "Within the allowed directories.",
};

/** Lua's functions for files, and what of `os` a script gets. */
export const FILES: readonly Definition[] = [
  {
    name: "io.open",
    text: "Opens a file within the allowed directories.",
    parameters: [PATH, {
      name: "mode",
      type: "string",
      optional: true,
      text: "`r`, `w`, `a`, `r+`, `w+` or `a+`.",
    }],
    results: [{ type: "file*?", text: "The file, or nil and why not." }],
    hidden: true,
    run: open,
  },
  method("read", read),
  method("write", write),
  method("seek", seek),
  method("close", (call) => {
    closeFile(fileOf(call));
    return [true];
  }),
  method("flush", (call) => {
    fileOf(call).file?.syncDataSync();
    return [true];
  }),
  method("setvbuf", () => [true]),
  {
    name: "FILE*.__tostring",
    text: "How Lua shows a file.",
    parameters: [],
    results: [],
    hidden: true,
    local: true,
    run: (call) => {
      const file = call.object(1);
      const open = file instanceof FileObject && !file.closed;
      return [open ? `file (${file.path})` : "file (closed)"];
    },
  },
  {
    name: "io.type",
    text: "Tells open files from closed ones and from what is no file.",
    parameters: [{ name: "value", type: "any", text: "Any value." }],
    results: [],
    hidden: true,
    local: true,
    run: (call) => {
      const file = call.object(1);
      if (!(file instanceof FileObject)) return [undefined];
      return [file.closed ? "closed file" : "file"];
    },
  },
  {
    name: "os.getenv",
    text: "Reads a variable of the environment that `allow.env` names.",
    parameters: [{ name: "name", type: "string", text: "The variable." }],
    results: [],
    hidden: true,
    local: true,
    run: (call) => {
      const { session } = call;
      const name = call.text(1);
      if (mayRead(session.allow, name)) return [session.env(name)];
      session.log.debug('Variable is not allowed; add it to "allow.env"', {
        script: session.name,
        variable: name,
      });
      return [undefined];
    },
  },
  {
    name: "os.remove",
    text: "Removes a file within the allowed directories.",
    parameters: [PATH],
    results: [],
    hidden: true,
    run: (call) => change(call, "Remove file", (path) => Deno.remove(path)),
  },
  {
    name: "os.rename",
    text: "Renames a file within the allowed directories.",
    parameters: [PATH, { ...PATH, name: "target" }],
    results: [],
    hidden: true,
    run: (call) =>
      change(call, "Rename file", async (path) => {
        await Deno.rename(
          path,
          await call.session.directories.check(call.text(2)),
        );
      }),
  },
];

function method(
  name: string,
  run: Definition["run"],
): Definition {
  return {
    name: `FILE*:${name}`,
    text: `Lua's \`file:${name}\`.`,
    parameters: [],
    results: [],
    hidden: true,
    run,
  };
}

/** The bytes that were read from a file and not yet given. */
const ahead = new WeakMap<FileObject, Uint8Array>();

/** Lua's `nil, message` for what a system refuses. */
function refused(path: string, error: unknown): readonly HostValue[] {
  const text = error instanceof Deno.errors.NotFound
    ? "No such file or directory"
    : messageOf(error);
  return [undefined, `${path}: ${text}`, 1];
}

async function open(call: Call) {
  const { session } = call;
  const path = call.text(1);
  const mode = call.count >= 2 && call.value(2) !== undefined
    ? call.text(2)
    : "r";
  const [, kind = "", plus = ""] = /^([rwa])b?(\+?)b?$/.exec(mode) ?? [];
  if (kind === "") throw new ArgumentError(2, "invalid mode");
  try {
    const real = await session.directories.check(path);
    const writes = kind !== "r" || plus !== "";
    if (writes) {
      session.log.debug("Open file", {
        script: session.name,
        file: path,
        mode,
        "dry-run": session.dryRun,
      });
    }
    const file = writes && session.dryRun
      ? await readable(real)
      : await Deno.open(real, {
        read: kind === "r" || plus !== "",
        write: kind === "w" || plus !== "",
        append: kind === "a",
        create: kind !== "r",
        truncate: kind === "w",
      });
    if (file !== undefined && (await file.stat()).isDirectory) {
      file.close();
      return refused(path, new Error("Is a directory"));
    }
    return [call.objects.add(new FileObject(path, file))];
  } catch (error) {
    if (error instanceof RegError) throw error;
    return refused(path, error);
  }
}

/** The file for a dry run: what is written to it goes nowhere. */
async function readable(path: string): Promise<Deno.FsFile | undefined> {
  return await Deno.open(path, { read: true }).catch(() => undefined);
}

function fileOf(call: Call): FileObject {
  const file = call.object(1);
  if (!(file instanceof FileObject)) throw call.wrong(1, "FILE*");
  if (file.closed) throw new RegError("script", "attempt to use a closed file");
  return file;
}

async function read(call: Call): Promise<readonly HostValue[]> {
  const file = fileOf(call);
  if (call.count === 1) return [await readLine(file)];
  const results: HostValue[] = [];
  for (let n = 2; n <= call.count; n++) {
    const result = await readAs(call, file, n);
    results.push(result);
    if (result === undefined) break;
  }
  return results;
}

async function readAs(
  call: Call,
  file: FileObject,
  n: number,
): Promise<HostValue> {
  const format = call.value(n);
  if (typeof format === "number") {
    const bytes = await readUpTo(file, Math.min(Math.max(format, 0), MOST));
    return bytes.length === 0 && format > 0 ? undefined : bytes;
  }
  switch (call.text(n).replace(/^\*/, "").slice(0, 1)) {
    case "l":
      return await readLine(file);
    case "a":
      return await readUpTo(file, MOST);
    case "n": {
      const line = await readLine(file);
      const text = line === undefined
        ? ""
        : new TextDecoder().decode(line).trim();
      return text === "" || Number.isNaN(Number(text))
        ? undefined
        : Number(text);
    }
  }
  throw new ArgumentError(n, "invalid format");
}

async function more(file: FileObject): Promise<Uint8Array | undefined> {
  const buffer = new Uint8Array(STEP);
  const count = await file.file?.read(buffer);
  return count ? buffer.subarray(0, count) : undefined;
}

/** Reads up to the end of a line, which is not part of it; nothing at the end. */
async function readLine(file: FileObject): Promise<Uint8Array | undefined> {
  let have = ahead.get(file) ?? new Uint8Array();
  for (;;) {
    const end = have.indexOf(NEWLINE);
    if (end >= 0) {
      ahead.set(file, have.subarray(end + 1));
      return have.subarray(0, end);
    }
    const next = await more(file);
    if (next === undefined) {
      ahead.delete(file);
      return have.length === 0 ? undefined : have;
    }
    have = joined(have, next);
    if (have.length > MOST) throw new RegError("script", "line is too long");
  }
}

async function readUpTo(file: FileObject, count: number): Promise<Uint8Array> {
  let have = ahead.get(file) ?? new Uint8Array();
  while (have.length < count) {
    const next = await more(file);
    if (next === undefined) break;
    have = joined(have, next);
  }
  ahead.set(file, have.subarray(count));
  return have.subarray(0, count);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Puts the file's position to where the script believes it is. */
async function settle(file: FileObject): Promise<void> {
  const unread = ahead.get(file)?.length ?? 0;
  ahead.delete(file);
  if (unread > 0) await file.file?.seek(-unread, Deno.SeekMode.Current);
}

async function write(call: Call): Promise<readonly HostValue[]> {
  const file = fileOf(call);
  await settle(file);
  for (let n = 2; n <= call.count; n++) {
    const bytes = call.bytes(n);
    if (call.session.dryRun || file.file === undefined) continue;
    try {
      for (let at = 0; at < bytes.length;) {
        at += await file.file.write(bytes.subarray(at));
      }
    } catch (error) {
      return refused(file.path, error);
    }
  }
  return [true];
}

const WHENCE: Readonly<Record<string, Deno.SeekMode>> = {
  set: Deno.SeekMode.Start,
  cur: Deno.SeekMode.Current,
  end: Deno.SeekMode.End,
};

async function seek(call: Call): Promise<readonly HostValue[]> {
  const file = fileOf(call);
  const whence = call.count >= 2 ? call.text(2) : "cur";
  const mode = Object.hasOwn(WHENCE, whence) ? WHENCE[whence] : undefined;
  if (mode === undefined) throw new ArgumentError(2, "invalid option");
  const offset = call.count >= 3 ? Math.trunc(call.number(3)) : 0;
  await settle(file);
  return [await file.file?.seek(offset, mode) ?? 0];
}

/** Changes files, unless it is a dry run. */
async function change(
  call: Call,
  what: string,
  work: (path: string) => Promise<void>,
): Promise<readonly HostValue[]> {
  const { session } = call;
  const path = call.text(1);
  const real = await session.directories.check(path);
  session.log.debug(what, {
    script: session.name,
    file: path,
    "dry-run": session.dryRun,
  });
  try {
    if (!session.dryRun) await work(real);
    return [true];
  } catch (error) {
    if (error instanceof RegError) throw error;
    return refused(path, error);
  }
}
