/**
 * Headers of tar entries: V7, USTAR, PAX and GNU.
 *
 * See {@link https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06}
 * and {@link https://www.gnu.org/software/tar/manual/html_node/Standard.html}.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { decodeText } from "./text.ts";

/** The size of a block: headers are one each, bodies are padded to it. */
export const BLOCK = 512;

/** What an entry is, by the flag in its header. */
export const TYPE = {
  file: "0",
  link: "1",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
  contiguous: "7",
  paxGlobal: "g",
  pax: "x",
  gnuName: "L",
  gnuLink: "K",
  gnuSparse: "S",
} as const;

/** How a header was written; empty where it keeps to no standard. */
export type TarFormat = "ustar" | "pax" | "gnu" | "";

/** The header of an entry. Times are nanoseconds since 1970. */
export interface TarHeader {
  /** The path, which may be anything. */
  readonly name: string;
  /** One of {@linkcode TYPE}, or another character. */
  readonly type: string;
  /** The size of the body in bytes. */
  readonly size: number;
  /** Permission bits; some programs add the type. */
  readonly mode: number;
  /** The owner's number. */
  readonly uid: number;
  /** The group's number. */
  readonly gid: number;
  /** The owner's name. */
  readonly uname: string;
  /** The group's name. */
  readonly gname: string;
  /** Where a link leads. */
  readonly linkname: string;
  /** The major number of a device. */
  readonly devmajor: number;
  /** The minor number of a device. */
  readonly devminor: number;
  /** When the content changed. */
  readonly mtime: bigint;
  /** When it was read, where that is told. */
  readonly atime?: bigint | undefined;
  /** When its inode changed, where that is told. */
  readonly ctime?: bigint | undefined;
  /** Extended attributes and other records, with the fields they replaced. */
  readonly pax: ReadonlyMap<string, string>;
  /** How it was written. */
  readonly format: TarFormat;
}

/** Where the fields of a header are: offset and length. */
export const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  linkname: [157, 100],
  magic: [257, 8],
  uname: [265, 32],
  gname: [297, 32],
  devmajor: [329, 8],
  devminor: [337, 8],
  prefix: [345, 155],
  gnuAtime: [345, 12],
  gnuCtime: [357, 12],
} as const satisfies Record<string, readonly [number, number]>;

/** The name of a field. */
export type FieldName = keyof typeof FIELDS;

/** Magic and version. */
export const MAGIC = { ustar: "ustar\x0000", gnu: "ustar  \0" } as const;

/** Nanoseconds in a second. */
const SECOND = 1_000_000_000n;

/** Makes the error of an archive that breaks the format. */
export function badTar(what: string, cause?: unknown): RegError {
  return new RegError("invalid", `Cannot read tar archive: ${what}`, { cause });
}

/** The bytes of a field. */
export function field(block: Uint8Array, name: FieldName): Uint8Array {
  const [at, length] = FIELDS[name];
  return block.subarray(at, at + length);
}

/** Tells whether all bytes are zero. */
export function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** The sum of a header's bytes, its checksum taken for spaces. */
export function checksum(block: Uint8Array): number {
  const [from, length] = FIELDS.checksum;
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) {
    sum += at >= from && at < from + length ? 0x20 : block[at] ?? 0;
  }
  return sum;
}

/**
 * Parses a header block alone.
 *
 * @throws {RegError} `invalid`
 */
export function parseBlock(block: Uint8Array): TarHeader {
  if (number(block, "checksum") !== BigInt(checksum(block))) {
    throw badTar("a header has a wrong checksum");
  }
  const magic = text(block, "magic", true);
  const isUstar = magic === MAGIC.ustar;
  const isGnu = magic === MAGIC.gnu;
  const has = isUstar || isGnu;
  const name = text(block, "name");
  const prefix = isUstar ? text(block, "prefix") : "";
  const flag = String.fromCharCode(block[FIELDS.type[0]] ?? 0);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type: flag === "\0" ? TYPE.file : flag,
    size: size(block),
    mode: small(block, "mode"),
    uid: small(block, "uid"),
    gid: small(block, "gid"),
    mtime: number(block, "mtime") * SECOND,
    linkname: text(block, "linkname"),
    uname: has ? text(block, "uname") : "",
    gname: has ? text(block, "gname") : "",
    devmajor: has ? small(block, "devmajor") : 0,
    devminor: has ? small(block, "devminor") : 0,
    atime: isGnu ? gnuTime(block, "gnuAtime") : undefined,
    ctime: isGnu ? gnuTime(block, "gnuCtime") : undefined,
    pax: new Map(),
    format: isGnu ? "gnu" : isUstar && isStandard(block) ? "ustar" : "",
  };
}

/** Tells whether a block keeps to USTAR where readers are lenient. */
function isStandard(block: Uint8Array): boolean {
  const numbers = ["size", "mode", "uid", "gid", "mtime"] as const;
  const devices = ["devmajor", "devminor"] as const;
  return block.every((byte) => byte < 0x80) &&
    [...numbers, ...devices].every((name) => field(block, name).at(-1) === 0);
}

function gnuTime(
  block: Uint8Array,
  name: "gnuAtime" | "gnuCtime",
): bigint | undefined {
  return field(block, name)[0] === 0 ? undefined : number(block, name) * SECOND;
}

function text(block: Uint8Array, name: FieldName, whole = false): string {
  const bytes = field(block, name);
  const end = whole ? -1 : bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
}

/** A number in octal, or in base 256 where its first bit is set. */
function number(block: Uint8Array, name: FieldName): bigint {
  const bytes = field(block, name);
  const first = bytes[0] ?? 0;
  if (first >= 0x80) {
    const isNegative = (first & 0x40) !== 0;
    let value = BigInt(isNegative ? first - 0x100 : first & 0x7f);
    for (const byte of bytes.subarray(1)) value = value * 256n + BigInt(byte);
    return value;
  }
  const digits = decodeText(bytes).replace(/^[ \0]+|[ \0]+$/g, "");
  if (digits === "") return 0n;
  if (/^[0-7]+$/.test(digits)) return BigInt(`0o${digits}`);
  throw badTar(`a header has a bad number for "${name}"`);
}

function small(block: Uint8Array, name: FieldName): number {
  return safe(number(block, name), name);
}

function size(block: Uint8Array): number {
  const value = small(block, "size");
  if (value < 0) throw badTar("an entry has a negative size");
  return value;
}

function safe(value: bigint, name: string): number {
  const result = Number(value);
  if (Number.isSafeInteger(result)) return result;
  throw badTar(`a header has too large a number for "${name}"`);
}

/**
 * Parses the records of a PAX header: `LENGTH KEY=VALUE` and a line end each.
 *
 * @throws {RegError} `invalid`
 */
export function parsePax(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const digits = decodeText(bytes.subarray(at, Math.min(space, at + 10)));
    const length = /^\d+$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    const equals = bytes.indexOf(0x3d, space);
    const isGood = space > at && length > 0 && end <= bytes.length &&
      bytes[end - 1] === 0x0a && equals > space + 1 && equals < end;
    if (!isGood) throw badTar("an extended header is malformed");
    const key = decodeText(bytes.subarray(space + 1, equals));
    records.set(key, decodeText(bytes.subarray(equals + 1, end - 1)));
    at = end;
  }
  return records;
}

/**
 * The header with the records of a PAX header: they replace its fields.
 *
 * @throws {RegError} `invalid`
 */
export function withPax(
  header: TarHeader,
  pax: ReadonlyMap<string, string>,
): TarHeader {
  // An empty value gives the field of the block its say again.
  const get = (key: string) => pax.get(key) || undefined;
  const integer = (key: "uid" | "gid" | "size") => {
    const value = get(key);
    if (value === undefined) return header[key];
    if (!/^-?\d+$/.test(value)) throw badTar(`"${key}" is no number`);
    return safe(BigInt(value), key);
  };
  const time = (key: string) => {
    const value = get(key);
    return value === undefined ? undefined : parsePaxTime(value);
  };
  return {
    ...header,
    name: get("path") ?? header.name,
    linkname: get("linkpath") ?? header.linkname,
    uname: get("uname") ?? header.uname,
    gname: get("gname") ?? header.gname,
    uid: integer("uid"),
    gid: integer("gid"),
    size: integer("size"),
    mtime: time("mtime") ?? header.mtime,
    atime: time("atime") ?? header.atime,
    ctime: time("ctime") ?? header.ctime,
    pax,
    format: header.format === "ustar" ? "pax" : "",
  };
}

/** `-1.5` is one and a half seconds before 1970. */
function parsePaxTime(text: string): bigint {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  const [, sign = "", seconds = "", fraction = ""] = match ?? [];
  if (!match || seconds + fraction === "" || seconds.length > 15) {
    throw badTar(`"${text}" is no time`);
  }
  const value = BigInt(seconds || "0") * SECOND +
    BigInt(fraction.slice(0, 9).padEnd(9, "0"));
  return sign === "-" ? -value : value;
}

/** Prints a time as a PAX record has it. */
export function formatPaxTime(time: bigint): string {
  const size = time < 0n ? -time : time;
  const fraction = (size % SECOND).toString().padStart(9, "0")
    .replace(/0+$/, "");
  const sign = time < 0n ? "-" : "";
  return `${sign}${size / SECOND}${fraction && `.${fraction}`}`;
}

/** Seconds since 1970, rounded down. */
export function wholeSeconds(time: bigint): bigint {
  const seconds = time / SECOND;
  return time % SECOND < 0n ? seconds - 1n : seconds;
}

/** The types that have no body, whatever their size says. */
export function isBodyless(type: string): boolean {
  return type >= TYPE.link && type <= TYPE.fifo;
}
