/**
 * JSON as Go's `encoding/json` writes upstream's types: it decides the digests
 * of all that is changed. Keys that upstream does not know are kept, at the end.
 *
 * @module
 */

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells whether a value is a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null &&
    !Array.isArray(value) && !(value instanceof RawNumber);
}

/** A number that JavaScript would print otherwise than it was written. */
export class RawNumber {
  /** The number as it was written. */
  readonly text: string;

  /** Keeps the text of a number. */
  constructor(text: string) {
    this.text = text;
  }
}

/** JSON that was encoded before, and is written as it is. */
export class Encoded {
  /** The text. */
  readonly text: string;

  /** Keeps a text. */
  constructor(text: string) {
    this.text = text;
  }
}

/** A number that JavaScript may print otherwise, where JSON can have one. */
const ODD_NUMBER = /(?:^|[[,]|"\s*:)\s*(?:-0|-?\d+[.eE]|-?\d{16})/;

/** Parses JSON, and keeps the text of numbers that would change (`1.0`, 2⁶⁴). */
export function parseJson(text: string): unknown {
  // The reviver is many times slower, and such numbers are rare.
  if (!ODD_NUMBER.test(text)) return JSON.parse(text);
  const keep = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" && context?.source !== undefined &&
      String(value) !== context.source
      ? new RawNumber(context.source)
      : value;
  return JSON.parse(text, keep);
}

/**
 * How a value is written: a scalar of Go, a list, a map with sorted keys, or a
 * struct with its keys in order.
 */
export type Shape =
  | "text"
  | "int"
  | "bool"
  | "time"
  | "any"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly struct: readonly Field[] };

/**
 * A key of a struct. `empty` leaves it out when it is empty, `nil` only when it
 * is absent, `zero` when all of the struct is empty; else it is always written.
 */
export type Field = readonly [
  name: string,
  shape: Shape,
  omit?: "empty" | "nil" | "zero",
];

const STRINGS: Shape = { map: "text" };

const PLATFORM_FIELDS: readonly Field[] = [
  ["architecture", "text"],
  ["os", "text"],
  ["os.version", "text", "empty"],
  ["os.features", { list: "text" }, "empty"],
  ["variant", "text", "empty"],
  ["features", { list: "text" }, "empty"],
];

const DESCRIPTOR: Shape = {
  struct: [
    ["mediaType", "text"],
    ["digest", "text"],
    ["size", "int"],
    ["urls", { list: "text" }, "empty"],
    ["annotations", STRINGS, "empty"],
    ["data", "text", "empty"],
    ["platform", { struct: PLATFORM_FIELDS }, "nil"],
    ["artifactType", "text", "empty"],
  ],
};

const CONFIG: Shape = {
  struct: [
    ["User", "text", "empty"],
    ["ExposedPorts", { map: "any" }, "empty"],
    ["Env", { list: "text" }, "empty"],
    ["Entrypoint", { list: "text" }, "empty"],
    ["Cmd", { list: "text" }, "empty"],
    ["Volumes", { map: "any" }, "empty"],
    ["WorkingDir", "text", "empty"],
    ["Labels", STRINGS, "empty"],
    ["StopSignal", "text", "empty"],
    ["StopTimeout", "int", "nil"],
    ["ArgsEscaped", "bool", "empty"],
    ["Healthcheck", {
      struct: [
        ["Test", { list: "text" }, "empty"],
        ["Interval", "int", "empty"],
        ["Timeout", "int", "empty"],
        ["StartPeriod", "int", "empty"],
        ["Retries", "int", "empty"],
      ],
    }, "nil"],
    ["OnBuild", { list: "text" }, "empty"],
    ["Shell", { list: "text" }, "empty"],
  ],
};

const HISTORY: Shape = {
  struct: [
    ["created", "time", "nil"],
    ["created_by", "text", "empty"],
    ["author", "text", "empty"],
    ["comment", "text", "empty"],
    ["empty_layer", "bool", "empty"],
  ],
};

/** The key order of each object that upstream writes. */
export const SHAPES = {
  descriptor: DESCRIPTOR,
  platform: { struct: PLATFORM_FIELDS },
  ociManifest: {
    struct: [
      ["schemaVersion", "int"],
      ["mediaType", "text", "empty"],
      ["artifactType", "text", "empty"],
      ["config", DESCRIPTOR],
      ["layers", { list: DESCRIPTOR }],
      ["subject", DESCRIPTOR, "nil"],
      ["annotations", STRINGS, "empty"],
    ],
  },
  ociIndex: {
    struct: [
      ["schemaVersion", "int"],
      ["mediaType", "text", "empty"],
      ["artifactType", "text", "empty"],
      ["manifests", { list: DESCRIPTOR }],
      ["subject", DESCRIPTOR, "nil"],
      ["annotations", STRINGS, "empty"],
    ],
  },
  dockerManifest: {
    struct: [
      ["schemaVersion", "int"],
      ["mediaType", "text", "empty"],
      ["config", DESCRIPTOR],
      ["layers", { list: DESCRIPTOR }],
      ["annotations", STRINGS, "empty"],
    ],
  },
  dockerList: {
    struct: [
      ["schemaVersion", "int"],
      ["mediaType", "text", "empty"],
      ["manifests", { list: DESCRIPTOR }],
      ["annotations", STRINGS, "empty"],
    ],
  },
  ociArtifact: {
    struct: [
      ["mediaType", "text"],
      ["artifactType", "text", "empty"],
      ["blobs", { list: DESCRIPTOR }, "empty"],
      ["subject", DESCRIPTOR, "nil"],
      ["annotations", STRINGS, "empty"],
    ],
  },
  imageConfig: {
    struct: [
      ["created", "time", "nil"],
      ["author", "text", "empty"],
      ...PLATFORM_FIELDS,
      ["config", CONFIG, "zero"],
      ["rootfs", {
        struct: [["type", "text"], ["diff_ids", { list: "text" }]],
      }],
      ["history", { list: HISTORY }, "empty"],
    ],
  },
} as const satisfies Record<string, Shape>;

/**
 * Writes a value as Go would: no white space, keys in the order of `shape`,
 * keys of maps sorted by their bytes, and `<`, `>`, `&` escaped.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(
 *   encodeGo({ size: 2, digest: "d", mediaType: "a<b" }, SHAPES.descriptor),
 *   '{"mediaType":"a\\u003cb","digest":"d","size":2}',
 * );
 * ```
 */
export function encodeGo(value: unknown, shape: Shape = "any"): string {
  if (value instanceof Encoded) return value.text;
  if (typeof shape === "object") {
    if ("struct" in shape && (isJsonObject(value) || value === undefined)) {
      return encodeStruct(value ?? {}, shape.struct);
    }
    if ("map" in shape && isJsonObject(value)) {
      const keys = Object.keys(value).sort(byBytes);
      return encodeKeys(value, keys, () => shape.map);
    }
    if ("list" in shape && Array.isArray(value)) {
      return `[${value.map((item) => encodeGo(item, shape.list)).join(",")}]`;
    }
  }
  return shape === "time" && typeof value === "string"
    ? quoteGo(normalTime(value))
    : encodeAny(value ?? zeroOf(shape));
}

/** What Go writes for a field that was never set. */
function zeroOf(shape: Shape): unknown {
  return shape === "text" ? "" : shape === "int" ? 0 : shape === "bool"
    ? false
    // Go's nil slices and maps.
    : null;
}

function encodeAny(value: unknown): string {
  if (typeof value === "string") return quoteGo(value);
  if (value instanceof RawNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(encodeAny).join(",")}]`;
  if (isJsonObject(value)) {
    return encodeKeys(value, Object.keys(value), () => "any");
  }
  return JSON.stringify(value) ?? "null";
}

function encodeStruct(value: JsonObject, fields: readonly Field[]): string {
  const shapes = new Map(fields.map(([name, shape]) => [name, shape]));
  const known = fields.filter(([name, shape, omit]) => {
    const field = Object.hasOwn(value, name) ? value[name] : undefined;
    if (omit === undefined) return true;
    if (omit === "nil") return field !== undefined && field !== null;
    return omit === "empty" ? !isEmpty(field) : !isZero(field, shape);
  }).map(([name]) => name);
  const unknown = Object.keys(value).filter((key) => !shapes.has(key));
  return encodeKeys(
    value,
    [...known, ...unknown],
    (key) => shapes.get(key) ?? "any",
  );
}

function encodeKeys(
  value: JsonObject,
  keys: readonly string[],
  shapeOf: (key: string) => Shape,
): string {
  const pairs = keys.map((key) => {
    const field = Object.hasOwn(value, key) ? value[key] : undefined;
    return `${quoteGo(key)}:${encodeGo(field ?? undefined, shapeOf(key))}`;
  });
  return `{${pairs.join(",")}}`;
}

/** What Go's `omitempty` leaves out. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" ||
    value === 0 || value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (isJsonObject(value) && Object.keys(value).length === 0);
}

/** Tells whether a struct would be written as `{}`. */
function isZero(value: unknown, shape: Shape): boolean {
  return !isJsonObject(value) || encodeGo(value, shape) === "{}";
}

const GO_ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** Quotes a text as Go does. */
export function quoteGo(text: string): string {
  // A lone surrogate cannot be in UTF-8: Go reads it as U+FFFD.
  return JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (character) => GO_ESCAPES[character] ?? character,
  );
}

/** RFC 3339 as Go prints it: at most nine digits, no zeros at the end, `Z` for UTC. */
function normalTime(text: string): string {
  const match =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/.exec(
      text,
    );
  if (!match) return text;
  const [, seconds = "", digits = "", zone = ""] = match;
  const fraction = digits.slice(0, 9).replace(/0+$/, "");
  return seconds + (fraction && `.${fraction}`) +
    (/^[+-]00:00$/.test(zone) ? "Z" : zone);
}

const encoder = new TextEncoder();

function byBytes(a: string, b: string): number {
  // UTF-16 order differs from that of UTF-8 above the surrogates only.
  if (!/[\ud800-\uffff]/.test(a + b)) return a < b ? -1 : a > b ? 1 : 0;
  const [left, right] = [encoder.encode(a), encoder.encode(b)];
  const at = left.findIndex((byte, i) => byte !== right[i]);
  return at < 0
    ? left.length - right.length
    : (left[at] ?? 0) - (right[at] ?? -1);
}
