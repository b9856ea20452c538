/**
 * Digests as templates see them.
 *
 * @module
 */
import {
  BOOL,
  ERROR,
  functionOf,
  GoError,
  INT,
  type Method,
  namedType,
  STRING,
  structType,
  textOf,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import { digestOf } from "../registry/digest.ts";
import { getter } from "./declare.ts";

/** How many bytes a hash has, by algorithm. */
const SIZES: Readonly<Record<string, number>> = {
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

const SHAPE = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** `digest.Algorithm`. */
export const ALGORITHM: Type = namedType("digest.Algorithm", STRING, {
  methods: () => [
    getter("Available", BOOL, { read: (self) => sizeOf(self) > 0 }),
    getter("Size", INT, { read: sizeOf }),
    getter("String", STRING, { read: textOf }),
    {
      name: "FromString",
      type: functionOf([STRING], [DIGEST]),
      call: (self, [text]) =>
        wrap(
          DIGEST,
          digestOf(new TextEncoder().encode(textOf(text)), textOf(self)),
        ),
    },
  ],
});

function sizeOf(algorithm: Value): number {
  return SIZES[textOf(algorithm)] ?? 0;
}

/** `digest.Digest`. */
export const DIGEST: Type = namedType("digest.Digest", STRING, {
  methods: () => [
    getter("Algorithm", ALGORITHM, { read: (self) => split(self)[0] }),
    getter("Encoded", STRING, { read: (self) => split(self)[1] }),
    getter("Hex", STRING, { read: (self) => split(self)[1] }),
    getter("String", STRING, { read: textOf }),
    validate,
  ],
});

/** The algorithm and the hash. */
function split(digest: Value): readonly [string, string] {
  const text = textOf(digest);
  const colon = text.indexOf(":");
  if (colon < 0) {
    throw new GoError(`no ':' separator in digest ${JSON.stringify(text)}`);
  }
  return [text.slice(0, colon), text.slice(colon + 1)];
}

const validate: Method = {
  name: "Validate",
  type: functionOf([], [ERROR]),
  call: (self) => {
    const problem = problemOf(textOf(self));
    return problem === "" ? undefined : wrap(ERROR, errorValue(problem));
  },
};

const ERROR_TEXT: Type = structType("fmt.wrapError", {
  methods: () => [
    getter("Error", STRING, { read: ({ data }) => data }),
  ],
});

function errorValue(text: string): Value {
  return wrap(ERROR_TEXT, text);
}

function problemOf(text: string): string {
  const [, algorithm = "", hash = ""] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (algorithm === "") return "invalid checksum digest format";
  const size = SIZES[algorithm];
  if (size === undefined) {
    return SHAPE.test(text)
      ? "unsupported digest algorithm"
      : "invalid checksum digest format";
  }
  if (hash.length !== size * 2) return "invalid checksum digest length";
  return /^[a-f0-9]+$/.test(hash) ? "" : "invalid checksum digest format";
}

/** A digest as templates see it. */
export function digestView(digest: string): Value {
  return wrap(DIGEST, digest);
}
