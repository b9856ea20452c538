/**
 * Fields of structs, and entries of maps, as what follows a dot names them.
 *
 * @module
 */
import { toText } from "./byte_string.ts";
import type { Fail } from "./errors.ts";
import { goName } from "./calling.ts";
import { type Result, type Selector, STRING, type Value } from "./type.ts";
import { isAssignable } from "./type_rules.ts";
import { elem, fieldOf, mapEntry, stringValue, zero } from "./value.ts";

/** What a missing key of a map gives. */
export type MissingKey = "invalid" | "zero" | "error";

/** Options for {@linkcode plainField}. */
export interface PlainFieldOptions {
  /** Whether there are arguments, which no field takes. */
  readonly hasArguments: boolean;
  /** The value as it was before pointers were followed, for messages. */
  readonly from: Value;
  /** Whether the value is a nil pointer. */
  readonly isNil: boolean;
  /** What a missing key of a map gives. */
  readonly missingKey: MissingKey;
  /** Makes errors. */
  readonly fail: Fail;
}

/** The field of a struct, or the entry of a map, that is no method. */
export function plainField(
  value: Value,
  name: string,
  options: PlainFieldOptions,
): Result {
  const { hasArguments, from, isNil, missingKey, fail } = options;
  const { kind } = value.type;
  if (kind === "struct") {
    const found = value.type.selector(name, "field");
    if (found !== undefined) {
      const field = structField(value, found, { from, fail });
      if (hasArguments) {
        throw fail(
          `${name} has arguments but cannot be invoked as function`,
        );
      }
      return field;
    }
  } else if (kind === "map" && isAssignable(STRING, value.type.key)) {
    if (hasArguments) {
      throw fail(`${name} is not a method but has arguments`);
    }
    return entry(value, name, { missingKey, fail });
  } else if (kind === "ptr" && isNil) {
    const { elem } = value.type;
    const known = elem.kind !== "struct" ||
      elem.selector(name, "field") !== undefined;
    if (known) {
      throw fail(`nil pointer evaluating ${goName(from)}.${name}`);
    }
  }
  throw fail(`can't evaluate field ${name} in type ${goName(from)}`, {
    missing: { type: from.type.name, field: toText(name) },
  });
}

function structField(
  value: Value,
  found: Selector,
  { from, fail }: Pick<PlainFieldOptions, "from" | "fail">,
): Value {
  const { path, field } = found;
  if (field === undefined) return value;
  if (field.unexported === true) {
    throw fail(
      `${field.name} is an unexported field of struct type ${goName(from)}`,
    );
  }
  let holder = value;
  for (const step of path) {
    const inner = fieldOf(holder, step);
    const target = inner.type.kind === "ptr" ? elem(inner) : inner;
    if (target === undefined) {
      throw fail(
        `reflect: indirection through nil pointer to embedded struct field ${step.name}`,
      );
    }
    holder = target;
  }
  return fieldOf(holder, field);
}

function entry(
  map: Value,
  name: string,
  { missingKey, fail }: Pick<PlainFieldOptions, "missingKey" | "fail">,
): Result {
  const found = mapEntry(map, stringValue(name));
  if (found !== undefined) return found;
  switch (missingKey) {
    case "invalid":
      return undefined;
    case "zero":
      return zero(map.type.elem);
    case "error":
      throw fail(`map has no entry for key "${name}"`);
  }
}
