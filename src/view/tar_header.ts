/**
 * Headers of files in layers as templates see them.
 *
 * @module
 */
import {
  type Instant,
  INT,
  INT64,
  localZone,
  mapOf,
  namedType,
  STRING,
  structType,
  TIME,
  type Type,
  UINT8,
} from "../template/mod.ts";
import type { TarFormat, TarHeader } from "../registry/tar/header.ts";
import { getter, readKey } from "./declare.ts";

/** The number of each format, and its name. */
const FORMATS = {
  "": [0, "<unknown>"],
  ustar: [2, "USTAR"],
  pax: [4, "PAX"],
  gnu: [8, "GNU"],
} as const satisfies Record<TarFormat, readonly [number, string]>;

const FORMAT: Type = namedType("tar.Format", INT, {
  methods: () => [
    getter("String", STRING, {
      read: ({ int }) =>
        Object.values(FORMATS).find(([number]) => number === Number(int))?.[1],
    }),
  ],
});

/** What `tar.Header` holds, by the names of its fields. */
type Fields = Readonly<Record<string, unknown>>;

const plain = (name: string, type: Type) => ({
  name,
  type,
  get: (host: unknown) => readKey(host, name),
});

const TEXT_MAP = mapOf(STRING, STRING);

/** `tar.Header`; its data is what {@linkcode headerHost} gives. */
export const TAR_HEADER: Type = structType("tar.Header", {
  fields: () => [
    plain("Typeflag", UINT8),
    plain("Name", STRING),
    plain("Linkname", STRING),
    plain("Size", INT64),
    plain("Mode", INT64),
    plain("Uid", INT),
    plain("Gid", INT),
    plain("Uname", STRING),
    plain("Gname", STRING),
    plain("ModTime", TIME),
    plain("AccessTime", TIME),
    plain("ChangeTime", TIME),
    plain("Devmajor", INT64),
    plain("Devminor", INT64),
    plain("Xattrs", TEXT_MAP),
    plain("PAXRecords", TEXT_MAP),
    plain("Format", FORMAT),
  ],
});

/** How extended attributes are named among the records. */
const ATTRIBUTE = "SCHILY.xattr.";

/** A header as {@linkcode TAR_HEADER} reads it. */
export function headerHost(header: TarHeader): Fields {
  const { type, mtime, atime, ctime, pax, format } = header;
  const attributes = [...pax].filter(([key]) => key.startsWith(ATTRIBUTE))
    .map(([key, value]) => [key.slice(ATTRIBUTE.length), value] as const);
  return {
    Typeflag: type.charCodeAt(0),
    Name: header.name,
    Linkname: header.linkname,
    Size: header.size,
    Mode: header.mode,
    Uid: header.uid,
    Gid: header.gid,
    Uname: header.uname,
    Gname: header.gname,
    ModTime: instant(mtime),
    AccessTime: instant(atime),
    ChangeTime: instant(ctime),
    Devmajor: header.devmajor,
    Devminor: header.devminor,
    Xattrs: orNil(attributes),
    PAXRecords: orNil([...pax]),
    Format: FORMATS[format][0],
  };
}

/** A time; none is the zero time. */
function instant(time: bigint | undefined): Instant | null {
  if (time === undefined) return null;
  const nanoseconds = Number(((time % SECOND) + SECOND) % SECOND);
  const seconds = Number((time - BigInt(nanoseconds)) / SECOND);
  return { seconds, nanoseconds, zone: localZone() };
}

/** Nanoseconds in a second. */
const SECOND = 1_000_000_000n;

/** A map; one without entries is nil. */
function orNil(
  entries: readonly (readonly [string, string])[],
): Readonly<Record<string, string>> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
