/**
 * The functions that every Go template has. `and`, `or` and `call` need the
 * executor: what stands here for them is their type.
 *
 * @module
 */
import { COMPARISONS } from "./compare.ts";
import { GoError } from "./errors.ts";
import { ESCAPERS } from "./escape.ts";
import { type FunctionMap, templateFunction } from "./function.ts";
import { sprint, sprintf, sprintln } from "./printf.ts";
import { isInteger } from "./kind.ts";
import { sliceOf } from "./make_type.ts";
import {
  ANY,
  BOOL,
  INT,
  isNillable,
  REFLECT_VALUE,
  type Result,
  STRING,
  type Type,
  Value,
} from "./type.ts";
import { isAssignable } from "./type_rules.ts";
import {
  boolValue,
  elementOf,
  fitInteger,
  indirect,
  intValue,
  lengthOf,
  mapEntry,
  stringValue,
  truth,
  unwrapInterface,
  zero,
} from "./value.ts";

const VALUES = sliceOf(REFLECT_VALUE);
const ANYS = sliceOf(ANY);

/** The position that an index stands for, at most `limit`. */
function position(index: Result, limit: number): number {
  if (index === undefined) {
    throw new GoError("cannot index slice/array with nil");
  }
  if (!isInteger(index.type.kind)) {
    throw new GoError(
      `cannot index slice/array with type ${index.type.name}`,
    );
  }
  const at = BigInt.asIntN(64, index.int);
  if (at < 0n || at > BigInt(limit)) {
    throw new GoError(`index out of range: ${at}`);
  }
  return Number(at);
}

/** Makes a value fit a parameter or the key of a map. */
export function prepareArgument(value: Result, type: Type): Value {
  if (value === undefined) {
    if (isNillable(type)) return zero(type);
    throw new GoError(`value is nil; should be of type ${type.name}`);
  }
  if (isAssignable(value.type, type)) return value;
  if (isInteger(value.type.kind) && isInteger(type.kind)) {
    return new Value(type, fitInteger(type, value.int));
  }
  throw new GoError(
    `value has type ${value.type.name}; should be ${type.name}`,
  );
}

function indexOnce(from: Value, index: Result): Value {
  const { value: item, isNil } = indirect(from);
  if (isNil || item === undefined) throw new GoError("index of nil pointer");
  const { kind } = item.type;
  switch (kind) {
    case "array":
    case "slice":
    case "string": {
      const length = lengthOf(item);
      const at = position(index, length);
      if (at >= length) {
        throw new GoError(`reflect: ${kind} index out of range`);
      }
      return elementOf(item, at);
    }
    case "map": {
      const key = prepareArgument(index, item.type.key);
      return mapEntry(item, key) ?? zero(item.type.elem);
    }
    default:
      throw new GoError(`can't index item of type ${item.type.name}`);
  }
}

function index([item, ...indexes]: readonly Result[]): Result {
  let at = unwrapInterface(item);
  if (at === undefined) throw new GoError("index of untyped nil");
  for (const each of indexes) at = indexOnce(at, unwrapInterface(each));
  return at;
}

function slice([first, ...indexes]: readonly Result[]): Result {
  const start = unwrapInterface(first);
  if (start === undefined) throw new GoError("slice of untyped nil");
  const { value: item, isNil } = indirect(start);
  if (isNil || item === undefined) throw new GoError("slice of nil pointer");
  if (indexes.length > 3) {
    throw new GoError(`too many slice indexes: ${indexes.length}`);
  }
  const { kind } = item.type;
  if (kind === "string" && indexes.length === 3) {
    throw new GoError("cannot 3-index slice a string");
  }
  if (kind !== "string" && kind !== "slice" && kind !== "array") {
    throw new GoError(`can't slice item of type ${item.type.name}`);
  }
  const capacity = item.elements?.capacity ?? lengthOf(item);
  const [low = 0, high = lengthOf(item), most = capacity] = indexes.map(
    (each) => position(each, capacity),
  );
  for (const [from, to] of [[low, high], [high, most]] as const) {
    if (from > to) {
      throw new GoError(`invalid slice index: ${from} > ${to}`);
    }
  }
  return cut(item, low, { high, most });
}

function cut(
  item: Value,
  low: number,
  { high, most }: { readonly high: number; readonly most: number },
): Value {
  const { kind } = item.type;
  if (kind === "string") {
    return new Value(item.type, item.string.slice(low, high));
  }
  if (kind === "array" && item.traits.addressable !== true) {
    throw new GoError("reflect.Value.Slice: slice of unaddressable array");
  }
  const type = kind === "array" ? sliceOf(item.type.elem) : item.type;
  const { elements } = item;
  if (elements === undefined) return new Value(type, null);
  return new Value(type, {
    items: elements.items,
    offset: elements.offset + low,
    length: high - low,
    capacity: most - low,
  });
}

function length([value]: readonly Result[]): Result {
  const { value: item, isNil } = indirect(value);
  if (isNil) throw new GoError("len of nil pointer");
  if (item === undefined) {
    throw new GoError("reflect: call of reflect.Value.Type on zero Value");
  }
  switch (item.type.kind) {
    case "array":
    case "chan":
    case "map":
    case "slice":
    case "string":
      return intValue(lengthOf(item));
    default:
      throw new GoError(`len of type ${item.type.name}`);
  }
}

const first = ([value]: readonly Result[]): Result => value;

/** The functions that every Go template has. */
export const BUILTINS: FunctionMap = new Map([
  [
    "and",
    templateFunction([REFLECT_VALUE, VALUES], REFLECT_VALUE, {
      variadic: true,
      call: first,
    }),
  ],
  [
    "or",
    templateFunction([REFLECT_VALUE, VALUES], REFLECT_VALUE, {
      variadic: true,
      call: first,
    }),
  ],
  [
    "call",
    templateFunction([REFLECT_VALUE, VALUES], REFLECT_VALUE, {
      variadic: true,
      call: first,
    }),
  ],
  [
    "index",
    templateFunction([REFLECT_VALUE, VALUES], REFLECT_VALUE, {
      variadic: true,
      call: index,
    }),
  ],
  [
    "slice",
    templateFunction([REFLECT_VALUE, VALUES], REFLECT_VALUE, {
      variadic: true,
      call: slice,
    }),
  ],
  ["len", templateFunction([REFLECT_VALUE], INT, { call: length })],
  [
    "not",
    templateFunction([REFLECT_VALUE], BOOL, {
      call: ([value]) => boolValue(!truth(unwrapInterface(value))),
    }),
  ],
  [
    "print",
    templateFunction([ANYS], STRING, {
      variadic: true,
      call: (args, { budget }) => stringValue(sprint(args, budget)),
    }),
  ],
  [
    "println",
    templateFunction([ANYS], STRING, {
      variadic: true,
      call: (args, { budget }) => stringValue(sprintln(args, budget)),
    }),
  ],
  [
    "printf",
    templateFunction([STRING, ANYS], STRING, {
      variadic: true,
      call: ([format, ...args], { budget }) =>
        stringValue(sprintf(format?.string ?? "", args, budget)),
    }),
  ],
  ...COMPARISONS,
  ...ESCAPERS,
]);
