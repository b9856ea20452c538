/**
 * Decoders: one definition of a setting gives its type, its check with an error
 * that names file, line, column and key, and its JSON Schema.
 *
 * @module
 */
import { parseDuration } from "../base/duration.ts";
import { messageOf, RegError } from "../base/errors.ts";
import { suggest } from "./suggest.ts";
import {
  describe,
  isNull,
  type Position,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from "./yaml.ts";

/** A JSON Schema, draft 7. */
export type JsonSchema = { readonly [key: string]: unknown };

/** Something in a file that is wrong, or probably not meant. */
export interface Problem {
  /** An error refuses the file; a warning does not. */
  readonly severity: "error" | "warning";
  /** Where it is. */
  readonly at: Position;
  /** The key's path, such as `sync[2].tags.allow[0]`; empty for the file. */
  readonly path: string;
  /** What is wrong, what was found, what is accepted. */
  readonly message: string;
}

/** Reads one kind of value out of a YAML tree. */
export interface Decoder<T> {
  /** What is accepted, in a few words. */
  readonly expects: string;
  /** The same for editors. */
  readonly schema: JsonSchema;
  /** The value; `undefined` where it was reported as wrong. */
  decode(node: YamlNode, report: Report): T | undefined;
}

/** The type of what a decoder gives. */
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

/** What a file is found to hold, beside its values. */
export interface Findings {
  /** What is wrong. */
  readonly problems: Problem[];
  /** Where each value is, by its path. */
  readonly places: Map<string, Position>;
}

/** Collects what is found at one path of a file. */
export class Report {
  /** The path of the value that is being read. */
  readonly path: string;
  readonly #findings: Findings;

  /**
   * Starts at the root of a file.
   *
   * @param findings Takes what is found.
   * @param path Where this one is.
   */
  constructor(findings: Findings, path = "") {
    this.#findings = findings;
    this.path = path;
  }

  /**
   * The report for a value inside this one.
   *
   * @param step Its key or its index.
   * @param at Where it is.
   */
  inside(step: string | number, at: Position): Report {
    const path = typeof step === "number"
      ? `${this.path}[${step}]`
      : this.path === ""
      ? step
      : `${this.path}.${step}`;
    this.#findings.places.set(path, at);
    return new Report(this.#findings, path);
  }

  /** Refuses the file. */
  error(at: Position, message: string): void {
    this.#add("error", at, message);
  }

  /** Points out what is probably not meant. */
  warn(at: Position, message: string): void {
    this.#add("warning", at, message);
  }

  /** Refuses a node of the wrong kind or form. */
  wrong(node: YamlNode, expects: string, why = ""): undefined {
    const found = `found ${describe(node)}; expected ${expects}`;
    this.error(node.at, why === "" ? found : `${why}; ${found}`);
  }

  #add(severity: Problem["severity"], at: Position, message: string): void {
    this.#findings.problems.push({ severity, at, path: this.path, message });
  }
}

/** What a file gave. */
export interface DecodeResult<T> {
  /** The value. */
  readonly value: T;
  /** What is probably not meant. */
  readonly warnings: readonly Problem[];
  /** Where each value is, by its path. */
  readonly places: ReadonlyMap<string, Position>;
}

/**
 * Reads a whole tree.
 *
 * @throws {RegError} `config` with one line for each error.
 */
export function decode<T>(
  decoder: Decoder<T>,
  tree: YamlNode,
  options: { readonly file?: string } = {},
): DecodeResult<T> {
  const { file = "config" } = options;
  const problems: Problem[] = [];
  const places = new Map<string, Position>();
  const value = decoder.decode(tree, new Report({ problems, places }));
  const errors = problems.filter(({ severity }) => severity === "error");
  if (value === undefined || errors.length > 0) {
    throw new RegError(
      "config",
      errors.map((problem) => formatProblem(problem, file)).join("\n"),
    );
  }
  return { value, warnings: problems, places };
}

/** A problem in one line: `file:line:column: key: message`. */
export function formatProblem(problem: Problem, file: string): string {
  const { at, path, message } = problem;
  const where = `${file}:${at.line}:${at.column}`;
  return path === "" ? `${where}: ${message}` : `${where}: ${path}: ${message}`;
}

/** Looks at a decoded value; returns what is wrong with it. */
export type Check<T> = (value: T) => string | undefined;

/** Options of every scalar decoder. */
export interface ScalarOptions<T> {
  /** Returns what is probably wrong; the file is read all the same. */
  readonly check?: Check<T>;
  /** Goes into the JSON Schema. */
  readonly description?: string;
}

type ReadScalar<T> = (node: YamlScalar, fail: (why?: string) => undefined) =>
  | T
  | undefined;

function scalar<T>(
  expects: string,
  schema: JsonSchema,
  options: ScalarOptions<T> & { readonly read: ReadScalar<T> },
): Decoder<T> {
  const { read, check, description } = options;
  return {
    expects,
    schema: describeSchema(schema, description),
    decode(node, report) {
      const fail = (why?: string) => report.wrong(node, expects, why);
      if (node.kind !== "scalar") return fail();
      const value = read(node, fail);
      const problem = value === undefined ? undefined : check?.(value);
      if (problem !== undefined) report.warn(node.at, problem);
      return value;
    },
  };
}

function describeSchema(schema: JsonSchema, description?: string): JsonSchema {
  return description === undefined ? schema : { description, ...schema };
}

/** Text as written; null is empty. */
export function text(options: ScalarOptions<string> = {}): Decoder<string> {
  return scalar("text", { type: ["string", "number", "boolean", "null"] }, {
    ...options,
    read: (node) => isNull(node) ? "" : node.text,
  });
}

const TRUE = /^(true|yes|on|y)$/i;
const FALSE = /^(false|no|off|n)$/i;

/** `true`, `yes`, `on` and their opposites, quoted or not; null is false. */
export function bool(options: ScalarOptions<boolean> = {}): Decoder<boolean> {
  const words = ["true", "false", "yes", "no", "on", "off"];
  return scalar("true or false (or yes, no, on, off)", {
    anyOf: [{ type: ["boolean", "null"] }, { enum: words }],
  }, {
    ...options,
    read(node, fail) {
      if (TRUE.test(node.text)) return true;
      return FALSE.test(node.text) || isNull(node) ? false : fail();
    },
  });
}

/** Options for {@linkcode integer}. */
export interface IntegerOptions extends ScalarOptions<number> {
  /** The smallest that is accepted. @default {-Number.MAX_SAFE_INTEGER} */
  readonly min?: number;
}

/** A whole number, in any of YAML's bases; fractions are cut off; null is 0. */
export function integer(options: IntegerOptions = {}): Decoder<number> {
  const { min = -Number.MAX_SAFE_INTEGER } = options;
  const expects = min === 0
    ? "a whole number, 0 or more"
    : Number.isFinite(min) && min > 0
    ? `a whole number, ${min} or more`
    : "a whole number";
  const schema = {
    type: ["number", "string", "null"],
    ...min >= 0 && { minimum: min },
  };
  return scalar(expects, schema, {
    ...options,
    read(node, fail) {
      const value = Math.trunc(numberOf(node));
      if (Number.isNaN(value)) return fail();
      const fits = Number.isSafeInteger(value) && value >= min;
      return fits ? value + 0 : fail("the number does not fit (overflow)");
    },
  });
}

/** A number; null is 0. */
export function number(options: ScalarOptions<number> = {}): Decoder<number> {
  return scalar("a number", { type: ["number", "string", "null"] }, {
    ...options,
    read(node, fail) {
      const value = numberOf(node);
      return Number.isFinite(value) ? value : fail();
    },
  });
}

const BASES: readonly (readonly [form: RegExp, base: number])[] = [
  [/^[-+]?0[xX]([\dA-Fa-f_]+)$/, 16],
  [/^[-+]?0[bB]([01_]+)$/, 2],
  [/^[-+]?0[oO]?([0-7_]+)$/, 8],
];

function numberOf(node: YamlScalar): number {
  if (isNull(node)) return 0;
  const { text } = node;
  for (const [form, base] of BASES) {
    const digits = form.exec(text)?.[1]?.replaceAll("_", "") ?? "";
    if (digits === "") continue;
    const value = Number.parseInt(digits, base);
    return text.startsWith("-") ? -value : value;
  }
  return /^[-+]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][-+]?\d+)?$/.test(text)
    ? Number(text.replaceAll("_", ""))
    : NaN;
}

const DURATION_SCHEMA: JsonSchema = {
  anyOf: [
    {
      type: "string",
      pattern: "^[-+]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)$",
    },
    { const: 0 },
    { type: "null" },
  ],
};
const DURATION = 'a duration such as 90s, 15m or 1h30m (no days; 0 is "off")';

/** A duration in Go's spelling, in nanoseconds; null is 0. */
export function duration(options: ScalarOptions<bigint> = {}): Decoder<bigint> {
  return scalar(DURATION, DURATION_SCHEMA, {
    ...options,
    read: readDuration,
  });
}

/** A duration, or a whole number of nanoseconds. */
export function durationOrNanoseconds(
  options: ScalarOptions<bigint> = {},
): Decoder<bigint> {
  const schema = { anyOf: [DURATION_SCHEMA, { type: "integer" }] };
  return scalar(`${DURATION}, or a whole number of nanoseconds`, schema, {
    ...options,
    read: (node, fail) =>
      /^[-+]?\d{1,18}$/.test(node.text)
        ? BigInt(node.text)
        : readDuration(node, fail),
  });
}

const readDuration: ReadScalar<bigint> = (node, fail) => {
  if (isNull(node)) return 0n;
  try {
    return parseDuration(node.text);
  } catch (error) {
    return fail(messageOf(error));
  }
};

/** Options for {@linkcode choice}. */
export interface ChoiceOptions<T> extends ScalarOptions<T> {
  /** Says what is wrong about another text. */
  readonly wrong?: (text: string) => string;
}

/** One of a few words, in any case; an empty one is none. */
export function choice<const T extends string>(
  words: readonly T[],
  options: ChoiceOptions<T> = {},
): Decoder<T> {
  const { wrong } = options;
  return scalar(`one of ${words.join(", ")}`, { enum: [...words, "", null] }, {
    ...options,
    read: (node, fail) =>
      node.text === "" || isNull(node)
        ? undefined
        : words.find((word) => word === node.text.toLowerCase()) ??
          fail(wrong?.(node.text)),
  });
}

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
