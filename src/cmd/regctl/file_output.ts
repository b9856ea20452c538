/**
 * Gives a file of a layer to the standard output, to a file or to a template.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { collect } from "../../base/streams.ts";
import { type FormatCall, jsonText, print } from "../../cli/format.ts";
import type { Io } from "../../cli/io.ts";
import { isStandardOutput } from "../../cli/standard_path.ts";
import { BLOB_IN_MEMORY } from "../../registry/image.ts";
import type { LayerFile } from "../../registry/layers/get_file.ts";

/** The file that a name means; none for the standard output, as for other tools. */
export function fileOf(path: string | undefined): string | undefined {
  return path === "-" || isStandardOutput(path ?? "") ? undefined : path;
}

/** Writes what is in a file; nothing is made of `out` before it was found. */
export async function giveFile(
  io: Io,
  call: FormatCall,
  options: { readonly file: LayerFile; readonly out: string | undefined },
): Promise<void> {
  const { file: { header, body } } = options;
  const out = fileOf(options.out);
  if (out !== undefined && !call.given.has("format")) {
    return await writeFile(out, body, call);
  }
  const { uname, gname, linkname, mtime } = header;
  await print(io, call, {
    plain: [""],
    text: () => body,
    view: async () => {
      const { fileView } = await import("../../view/mod.ts");
      const bytes = await collect(body, BLOB_IN_MEMORY);
      return fileView(header, bytes);
    },
    json: async () => {
      await body.cancel();
      const { name, size, mode, uid, gid } = header;
      const time = new Date(Number(mtime / 1_000_000n)).toISOString();
      const value = {
        name,
        size,
        mode,
        uid,
        gid,
        uname,
        gname,
        linkname,
        mtime: time,
      };
      return jsonText(value);
    },
  });
}

/**
 * Writes a stream to a file; one that breaks off leaves no file. What is no
 * ordinary file, or cannot be opened, stays as it is.
 *
 * @throws {RegError} `file`, and what the stream fails with.
 */
export async function writeFile(
  path: string,
  body: ReadableStream<Uint8Array>,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  let isOurs = false;
  try {
    // Not `Deno.writeFile`: with a signal it leaks a resource on Deno 2.6.
    const file = await Deno.open(path, {
      write: true,
      create: true,
      truncate: true,
    });
    isOurs = (await file.stat()).isFile;
    await body.pipeTo(file.writable, { signal: options.signal });
  } catch (error) {
    if (!body.locked) await body.cancel().catch(() => {});
    if (isOurs) await Deno.remove(path).catch(() => {});
    options.signal.throwIfAborted();
    if (error instanceof RegError) throw error;
    throw new RegError("file", `Cannot write "${path}": ${messageOf(error)}`, {
      cause: error,
    });
  }
}
