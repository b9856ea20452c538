/**
 * Decoders of single values: texts, numbers, durations, words.
 *
 * @module
 */
import { parseDuration } from "../base/duration.ts";
import { messageOf } from "../base/errors.ts";
import {
  type Check,
  type Decoder,
  describeSchema,
  type JsonSchema,
} from "./decode.ts";
import { isNull, type YamlScalar } from "./yaml.ts";

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
