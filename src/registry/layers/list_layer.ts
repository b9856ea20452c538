/**
 * A layer as text, a line an entry: what `blob diff-layer` compares.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { createHasher } from "../digest.ts";
import { type TarHeader, wholeSeconds } from "../tar/header.ts";
import { readLayer, type ReadLayerOptions } from "./read_layer.ts";

/** Options for {@linkcode listLayer}. */
export interface ListLayerOptions extends ReadLayerOptions {
  /** Leaves out when files changed. @default {false} */
  readonly ignoreTimestamps?: boolean | undefined;
}

/**
 * Lists a layer's entries in their order: mode, owner, size, time, name, and the
 * digest of what is not empty.
 */
export async function* listLayer(
  layer: ReadableStream<Uint8Array>,
  options: ListLayerOptions = {},
): AsyncGenerator<string, void> {
  const { ignoreTimestamps = false } = options;
  for await (const { header, body } of readLayer(layer, options)) {
    const { uid, gid, size, name } = header;
    const fields = [goFileMode(header), `${uid}/${gid}`, pad(String(size), 8)];
    if (!ignoreTimestamps) fields.push(localTime(header.mtime));
    fields.push(pad(name, -40));
    if (size > 0) {
      const hasher = createHasher();
      for await (const chunk of body()) hasher.update(chunk);
      fields.push(hasher.digest());
    }
    yield fields.join(" ");
  }
}

/** What Go's `fs.FileMode` prints for a number, highest bit first. */
const GO_MODE_LETTERS = "dalTLDpSugct?";

function goFileMode({ mode }: TarHeader): string {
  if (mode < 0 || mode > 0xffffffff) {
    throw new RegError(
      "invalid",
      `integer conversion overflow/underflow (file mode = ${mode})`,
    );
  }
  const kind = [...GO_MODE_LETTERS]
    .filter((_, at) => (mode / 2 ** (31 - at)) & 1).join("");
  const rights = [..."rwxrwxrwx"]
    .map((letter, at) => (mode >> (8 - at)) & 1 ? letter : "-").join("");
  return (kind || "-") + rights;
}

/** Pads on the left, or on the right for a negative width, by code points. */
function pad(text: string, width: number): string {
  const missing = " ".repeat(Math.max(0, Math.abs(width) - [...text].length));
  return width < 0 ? text + missing : missing + text;
}

/** RFC 3339 in the local time zone, as Go prints a time of a tar header. */
function localTime(time: bigint): string {
  const date = new Date(Number(wholeSeconds(time)) * 1000);
  const minutes = -date.getTimezoneOffset();
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const shifted = new Date(date.getTime() + minutes * 60_000);
  const size = Math.abs(minutes);
  const zone = minutes === 0
    ? "Z"
    : `${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
  return shifted.toISOString().replace(/\.\d+Z$/, "") + zone;
}
