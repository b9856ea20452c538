/**
 * Writes tar archives: the same bytes as Go's `archive/tar`, so that layers get
 * the digests that upstream gives them.
 *
 * @module
 */
import { concat } from "../../base/concat.ts";
import { RegError } from "../../base/errors.ts";
import {
  BLOCK,
  checksum,
  field,
  type FieldName,
  FIELDS,
  formatPaxTime,
  isBodyless,
  MAGIC,
  type TarFormat,
  type TarHeader,
  TYPE,
  wholeSeconds,
} from "./header.ts";
import { encodeText } from "./text.ts";

/** What an entry says of itself; what is left out is empty. */
export type NewHeader =
  & Pick<TarHeader, "name">
  & Partial<TarHeader>;

/** An entry to write. */
export interface NewEntry {
  /** What it is. */
  readonly header: NewHeader;
  /** Its body, of exactly the size in the header. */
  readonly body?: Iterable<Uint8Array> | AsyncIterable<Uint8Array> | undefined;
}

const EMPTY: TarHeader = {
  name: "",
  type: TYPE.file,
  size: 0,
  mode: 0,
  uid: 0,
  gid: 0,
  uname: "",
  gname: "",
  linkname: "",
  devmajor: 0,
  devminor: 0,
  mtime: 0n,
  pax: new Map(),
  format: "",
};

/**
 * Writes an archive, entry by entry.
 *
 * @throws {RegError} `mismatch` where a body has not the size in its header.
 */
export async function* writeTar(
  entries: Iterable<NewEntry> | AsyncIterable<NewEntry>,
): AsyncGenerator<Uint8Array<ArrayBufferLike>, void> {
  for await (const { header, body = [] } of entries) {
    yield encodeHeader(header);
    const { type = TYPE.file, size = 0 } = header;
    const expected = isBodyless(type) ? 0 : size;
    let written = 0;
    for await (const chunk of body) {
      written += chunk.length;
      if (written > expected) throw wrongSize(header.name, expected);
      yield chunk;
    }
    if (written !== expected) throw wrongSize(header.name, expected);
    const padding = -expected & (BLOCK - 1);
    if (padding > 0) yield new Uint8Array(padding);
  }
  yield new Uint8Array(2 * BLOCK);
}

function wrongSize(name: string, size: number): RegError {
  return new RegError(
    "mismatch",
    `Cannot write ${
      JSON.stringify(name)
    } to tar archive: it is not ${size} bytes`,
  );
}

/**
 * The blocks of a header: USTAR where that can hold it and it was not GNU, else
 * PAX, else GNU. Where no format is given, times are in whole seconds.
 */
export function encodeHeader(given: NewHeader): Uint8Array {
  const complete = { ...EMPTY, ...given };
  const header = complete.format === "" ? rounded(complete) : complete;
  if (header.type === TYPE.paxGlobal) return globalHeader(header);
  const { records, formats } = plan(header);
  if (formats.has("ustar")) return ustarHeader(header);
  if (formats.has("pax")) return paxHeader(header, records);
  if (formats.has("gnu")) return gnuHeader(header);
  throw new RegError(
    "invalid",
    `Cannot write ${
      JSON.stringify(header.name)
    } to tar archive: no format can hold it`,
  );
}

const SECOND = 1_000_000_000n;

function rounded(header: TarHeader): TarHeader {
  const mtime = wholeSeconds(header.mtime + SECOND / 2n) * SECOND;
  return { ...header, mtime, atime: undefined, ctime: undefined };
}

/** The records that fields can have in a PAX header. */
const BASIC_KEYS: ReadonlySet<string> = new Set([
  "path",
  "linkpath",
  "size",
  "uid",
  "gid",
  "uname",
  "gname",
  "mtime",
  "atime",
  "ctime",
]);

/** Which formats can hold a header, and what PAX needs records for. */
function plan(header: TarHeader) {
  const formats = new Set<TarFormat>(["ustar", "pax", "gnu"]);
  const records = new Map<string, string>();
  // A record that says what the field says stays.
  const keep = (key: string, value: string) => {
    if (key !== "" && header.pax.get(key) === value) records.set(key, value);
  };
  const needPax = (key: string, value: string) => {
    formats.delete("ustar");
    if (key === "") formats.delete("pax");
    else records.set(key, value);
  };
  for (const [name, key] of TEXTS) {
    const value = header[name];
    const bytes = encodeText(value);
    const isLong = bytes.length > FIELDS[name][1];
    const isPath = name === "name" || name === "linkname";
    if (bytes.includes(0) || (isLong && !isPath)) formats.delete("gnu");
    if (isLong || !isAscii(bytes)) {
      if (name === "name" && splitPath(value)) records.set(key, value);
      else needPax(key, value);
    }
    keep(key, value);
  }
  for (const [name, key] of NUMBERS) {
    const value = header[name];
    if (!fitsOctal(BigInt(value), name)) needPax(key, String(value));
    keep(key, String(value));
  }
  const mtime = formatPaxTime(header.mtime);
  const isExact = header.mtime % SECOND === 0n;
  const isSmall = fitsOctal(wholeSeconds(header.mtime), "mtime");
  if (!isSmall) needPax("mtime", mtime);
  else if (!isExact) records.set("mtime", mtime);
  keep("mtime", mtime);
  let prefersPax = !isExact || !isSmall;
  for (const key of ["atime", "ctime"] as const) {
    const time = header[key];
    if (time === undefined) continue;
    needPax(key, formatPaxTime(time));
    prefersPax = true;
  }
  for (const [key, value] of header.pax) {
    const isOwn = records.has(key) || BASIC_KEYS.has(key) ||
      key.startsWith("GNU.sparse.");
    if (!isOwn) records.set(key, value);
  }
  if (header.pax.size > 0) only(formats, "pax");
  if (header.format === "pax" && !prefersPax) only(formats, "pax", "ustar");
  else if (header.format !== "") only(formats, header.format);
  return { formats, records };
}

function only(formats: Set<TarFormat>, ...wanted: TarFormat[]): void {
  for (const format of formats) {
    if (!wanted.includes(format)) formats.delete(format);
  }
}

const TEXTS = [
  ["name", "path"],
  ["linkname", "linkpath"],
  ["uname", "uname"],
  ["gname", "gname"],
] as const;

const NUMBERS = [
  ["mode", ""],
  ["uid", "uid"],
  ["gid", "gid"],
  ["size", "size"],
  ["devmajor", ""],
  ["devminor", ""],
] as const;

/** The characters that USTAR can hold. */
function ascii(text: string): string {
  return [...text].filter((c) => c > "\0" && c < "\x80").join("");
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte > 0 && byte < 0x80);
}

function fitsOctal(value: bigint, name: FieldName): boolean {
  return value >= 0n && value < 8n ** BigInt(FIELDS[name][1] - 1);
}

/** Splits a long path between USTAR's two fields for it. */
function splitPath(path: string): readonly [string, string] | undefined {
  const [prefix, name] = [FIELDS.prefix[1], FIELDS.name[1]];
  if (path.length <= name || !isAscii(encodeText(path))) return undefined;
  const length = path.length > prefix + 1
    ? prefix + 1
    : path.endsWith("/")
    ? path.length - 1
    : path.length;
  const slash = path.slice(0, length).lastIndexOf("/");
  const rest = path.length - slash - 1;
  if (slash <= 0 || rest > name || rest === 0 || slash > prefix) {
    return undefined;
  }
  return [path.slice(0, slash), path.slice(slash + 1)];
}

function ustarHeader(header: TarHeader): Uint8Array {
  const [prefix, name] = splitPath(header.name) ?? ["", header.name];
  const block = commonBlock({ ...header, name }, octal);
  putText(block, "prefix", encodeText(prefix));
  return seal(block, MAGIC.ustar);
}

function paxHeader(
  header: TarHeader,
  records: ReadonlyMap<string, string>,
): Uint8Array {
  const block = commonBlock({
    ...header,
    name: ascii(header.name),
    linkname: ascii(header.linkname),
    uname: ascii(header.uname),
    gname: ascii(header.gname),
  }, octal);
  seal(block, MAGIC.ustar);
  if (records.size === 0) return block;
  const slash = header.name.lastIndexOf("/") + 1;
  const name = cleanPath(
    `${header.name.slice(0, slash)}PaxHeaders.0/${header.name.slice(slash)}`,
  );
  return concat([metaBlocks(name, TYPE.pax, paxRecords(records)), block]);
}

function globalHeader(header: TarHeader): Uint8Array {
  const name = header.name === "" ? "GlobalHead.0.0" : header.name;
  return metaBlocks(name, TYPE.paxGlobal, paxRecords(header.pax));
}

function gnuHeader(header: TarHeader): Uint8Array {
  const block = commonBlock(header, anyNumber);
  for (
    const [key, name] of [["atime", "gnuAtime"], ["ctime", "gnuCtime"]] as const
  ) {
    const time = header[key];
    if (time !== undefined) anyNumber(block, name, wholeSeconds(time));
  }
  seal(block, MAGIC.gnu);
  const long = (text: string, flag: string) => {
    const bytes = encodeText(text);
    if (bytes.length <= FIELDS.name[1]) return new Uint8Array();
    const body = concat([bytes, new Uint8Array(1)]);
    return metaBlocks("././@LongLink", flag, body, MAGIC.gnu);
  };
  return concat([
    long(header.name, TYPE.gnuName),
    long(header.linkname, TYPE.gnuLink),
    block,
  ]);
}

type PutNumber = (block: Uint8Array, name: FieldName, value: bigint) => void;

function commonBlock(header: TarHeader, put: PutNumber): Uint8Array {
  const block = new Uint8Array(BLOCK);
  putText(block, "type", encodeText(header.type));
  for (const [name] of TEXTS) putText(block, name, encodeText(header[name]));
  for (const [name] of NUMBERS) put(block, name, BigInt(header[name]));
  put(block, "mtime", wholeSeconds(header.mtime));
  return block;
}

/** The blocks of an entry that describes the next one. */
function metaBlocks(
  name: string,
  flag: string,
  body: Uint8Array,
  magic: string = MAGIC.ustar,
): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const plain = ascii(name).slice(0, FIELDS.name[1]);
  putText(block, "name", encodeText(plain.replace(/\/+$/, "")));
  putText(block, "type", encodeText(flag));
  for (const field of ["mode", "uid", "gid", "mtime"] as const) {
    octal(block, field, 0n);
  }
  octal(block, "size", BigInt(body.length));
  seal(block, magic);
  return concat([block, body, new Uint8Array(-body.length & (BLOCK - 1))]);
}

function paxRecords(records: ReadonlyMap<string, string>): Uint8Array {
  const lines = [...records]
    .map(([key, value]) => ({
      key: encodeText(key),
      line: ` ${key}=${value}\n`,
    }))
    .sort((a, b) => compareBytes(a.key, b.key))
    .map(({ line }) => {
      const bytes = encodeText(line);
      // The length counts its own digits.
      let length = bytes.length + String(bytes.length).length;
      length = bytes.length + String(length).length;
      return concat([encodeText(String(length)), bytes]);
    });
  return concat(lines);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
}

function putText(block: Uint8Array, name: FieldName, bytes: Uint8Array): void {
  const target = field(block, name);
  target.set(bytes.subarray(0, target.length));
  // Some readers take a directory's name that fills its field for a file's.
  const isCut = bytes.length > target.length && target.at(-1) === 0x2f;
  if (!isCut) return;
  target[target.findLastIndex((byte) => byte !== 0x2f) + 1] = 0;
}

/** Digits with a NUL at the end; what does not fit is zero, for PAX says it. */
function octal(block: Uint8Array, name: FieldName, value: bigint): void {
  const width = FIELDS[name][1] - 1;
  const digits = (fitsOctal(value, name) ? value : 0n).toString(8);
  field(block, name).set(encodeText(digits.padStart(width, "0")));
}

/** Octal where it fits, else GNU's base 256. */
function anyNumber(block: Uint8Array, name: FieldName, value: bigint): void {
  if (fitsOctal(value, name)) return octal(block, name, value);
  const target = field(block, name);
  let rest = value;
  for (let at = target.length - 1; at >= 0; at--) {
    target[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  target[0] = (target[0] ?? 0) | 0x80;
}

/** Writes magic and checksum. */
function seal(block: Uint8Array, magic: string): Uint8Array {
  field(block, "magic").set(encodeText(magic));
  const sum = checksum(block).toString(8).padStart(6, "0");
  field(block, "checksum").set(encodeText(`${sum}\0 `));
  return block;
}

/** A path without empty parts, `.` and resolved `..`, as Go's `path.Join` gives it. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  const isRooted = path.startsWith("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    const last = parts.at(-1);
    if (part !== ".." || last === "..") parts.push(part);
    else if (last !== undefined) parts.pop();
    else if (!isRooted) parts.push(part);
  }
  return (isRooted ? "/" : "") + parts.join("/") || ".";
}
