/**
 * Decoders of what has parts: lists, tables, records.
 *
 * @module
 */
import {
  type Check,
  type Decoded,
  type Decoder,
  describeSchema,
  type JsonSchema,
  Report,
} from "./decode.ts";
import { suggest } from "./suggest.ts";
import { isNull, type YamlMap } from "./yaml.ts";

/** Options of decoders for what has parts. */
export interface PartsOptions {
  /** Goes into the JSON Schema. */
  readonly description?: string;
}

/** A sequence; null is empty. */
export function list<T>(
  item: Decoder<T>,
  options: PartsOptions = {},
): Decoder<readonly T[]> {
  const expects = `a list, each item ${item.expects}`;
  return {
    expects,
    schema: describeSchema(
      { type: ["array", "null"], items: item.schema },
      options.description,
    ),
    decode(node, report) {
      if (isNull(node)) return [];
      if (node.kind !== "list") return report.wrong(node, expects);
      const values: T[] = [];
      for (const [index, child] of node.items.entries()) {
        const value = item.decode(child, report.inside(index, child.at));
        if (value !== undefined) values.push(value);
      }
      return values;
    },
  };
}

/** A mapping from any key to a value; null is empty. */
export function table<T>(
  value: Decoder<T>,
  options: PartsOptions = {},
): Decoder<Readonly<Record<string, T>>> {
  const expects = `a mapping, each value ${value.expects}`;
  return {
    expects,
    schema: describeSchema(
      { type: ["object", "null"], additionalProperties: value.schema },
      options.description,
    ),
    decode(node, report) {
      if (isNull(node)) return {};
      if (node.kind !== "map") return report.wrong(node, expects);
      const values: [string, T][] = [];
      for (const [key, entry] of node.entries) {
        const inside = report.inside(key, entry.value.at);
        const decoded = value.decode(entry.value, inside);
        if (decoded !== undefined) values.push([key, decoded]);
      }
      return Object.fromEntries(values);
    },
  };
}

/** Decoders by key. */
export type Fields = Readonly<Record<string, Decoder<unknown>>>;

/** What {@linkcode record} gives: what is absent or null is left out. */
export type RecordOf<F extends Fields> = {
  readonly [Key in keyof F]?: Decoded<F[Key]>;
};

/** Options for {@linkcode record}. */
export interface RecordOptions<F extends Fields> extends PartsOptions {
  /** Other names of keys. */
  readonly aliases?: Readonly<Record<string, keyof F & string>>;
  /** Returns what is probably wrong about the whole. */
  readonly check?: Check<RecordOf<F>>;
}

/**
 * A mapping with known keys. A key that is unknown and does not begin with
 * `x-`, and one that stands twice, give a warning.
 */
export function record<F extends Fields>(
  fields: F,
  options: RecordOptions<F> = {},
): Decoder<RecordOf<F>> {
  const { aliases = {}, check, description } = options;
  const names = [...Object.keys(fields), ...Object.keys(aliases)];
  const expects = "a mapping";
  return {
    expects,
    schema: describeSchema(recordSchema(fields, aliases), description),
    decode(node, report) {
      if (isNull(node)) return {} as RecordOf<F>;
      if (node.kind !== "map") return report.wrong(node, expects);
      warnOfKeys(node, names, report);
      const values = decodeFields(fields, { node, aliases, report });
      const problem = check?.(values);
      if (problem !== undefined) report.warn(node.at, problem);
      return values;
    },
  };
}

function recordSchema(
  fields: Fields,
  aliases: Readonly<Record<string, string>>,
): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [key, { schema }] of Object.entries(fields)) {
    properties[key] = schema;
  }
  for (const [key, target] of Object.entries(aliases)) {
    const schema = fields[target]?.schema ?? {};
    properties[key] = { ...schema, description: `Another name of ${target}.` };
  }
  return {
    type: ["object", "null"],
    properties,
    patternProperties: { "^x-": {} },
    additionalProperties: false,
  };
}

function warnOfKeys(node: YamlMap, names: string[], report: Report): void {
  for (const [key, { at, repeats }] of node.entries) {
    const inside = report.inside(key, at);
    if (repeats) {
      inside.warn(
        at,
        `key stands twice, the value of line ${repeats.line} is lost`,
      );
    }
    if (names.includes(key) || key.startsWith("x-")) continue;
    const meant = suggest(key, names);
    inside.warn(
      at,
      meant === undefined
        ? `unknown key, ignored; known are ${listing(names)}`
        : `unknown key, ignored; did you mean "${meant}"?`,
    );
  }
}

/** The first names of a list that may be long. */
function listing(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(", ");
  return names.length > 12 ? `${shown}, …` : shown;
}

function decodeFields<F extends Fields>(
  fields: F,
  from: {
    readonly node: YamlMap;
    readonly aliases: Readonly<Record<string, string>>;
    readonly report: Report;
  },
): RecordOf<F> {
  const { node, aliases, report } = from;
  const values: Record<string, unknown> = {};
  for (const [key, decoder] of Object.entries(fields)) {
    const other = Object.keys(aliases).find((name) => aliases[name] === key);
    const name = node.entries.has(key) ? key : other ?? key;
    const entry = node.entries.get(name);
    if (!entry || isNull(entry.value)) continue;
    const inside = report.inside(name, entry.value.at);
    const value = decoder.decode(entry.value, inside);
    if (value !== undefined) values[key] = value;
  }
  // Each value comes from the decoder of its key, which the type cannot follow.
  return values as RecordOf<F>;
}
