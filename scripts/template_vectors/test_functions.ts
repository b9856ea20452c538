/**
 * The functions that vector files call `test`.
 *
 * @module
 */
import {
  ANY,
  basicType,
  BOOL,
  boolValue,
  bytesValue,
  chanOf,
  ERROR,
  FLOAT64,
  type FunctionMap,
  functionOf,
  GoError,
  INT,
  intValue,
  mapOf,
  type Result,
  sliceOf,
  STRING,
  stringValue,
  type TemplateFunction,
  textOf,
  type Type,
  UINT8,
  Value,
  wrap,
} from "../../src/template/mod.ts";
import { sprint } from "../../src/template/printf.ts";

const STRINGS = sliceOf(STRING);
const ANYS = sliceOf(ANY);
const INTS = sliceOf(INT);

type Call = (args: readonly Result[]) => Result;

function plain(
  parameters: readonly Type[],
  results: readonly Type[],
  call: Call,
): TemplateFunction {
  return { type: functionOf(parameters, results), call };
}

function variadic(
  parameters: readonly Type[],
  results: readonly Type[],
  call: Call,
): TemplateFunction {
  return { type: functionOf(parameters, results, { variadic: true }), call };
}

const typed = (name: string): TemplateFunction => {
  const type = basicType(name) ?? ANY;
  return plain([type], [type], ([value]) => value);
};

const add: Call = ([a, b]) =>
  new Value(INT, BigInt.asIntN(64, (a?.int ?? 0n) + (b?.int ?? 0n)));
const cat: Call = (args) => stringValue(args.map((s) => s?.string).join("+"));

function dict(args: readonly Result[]): Result {
  if (args.length % 2 !== 0) throw new GoError("dict: odd number of arguments");
  const map = new Map<string, Result>();
  for (let i = 0; i < args.length; i += 2) {
    const key = args[i];
    if (key?.type !== STRING) {
      throw new GoError(
        `dict: key ${sprint([key])} is not a string`,
      );
    }
    map.set(textOf(key), args[i + 1]);
  }
  return wrap(mapOf(STRING, ANY), map);
}

const FUNCTION_VALUES: Readonly<Record<string, TemplateFunction>> = {
  add: plain([INT, INT], [INT], add),
  hello: plain([], [STRING], () => stringValue("hello")),
  cat: variadic([STRINGS], [STRING], cat),
  pre: variadic([STRING, INTS], [STRING], ([prefix, ...numbers]) =>
    stringValue(
      (prefix?.string ?? "") + sprint([wrap(INTS, numbers)]),
    )),
  err: plain([BOOL], [STRING, ERROR], ([fails]) => {
    if (fails?.bool === true) throw new GoError("fn failed");
    return stringValue("ok");
  }),
  any: plain([ANY], [STRING], ([value]) => stringValue(`<${sprint([value])}>`)),
};

function functionValue([name]: readonly Result[]): Result {
  const wanted = textOf(name);
  if (wanted === "nil") return undefined;
  const found = FUNCTION_VALUES[wanted];
  if (found === undefined) throw new GoError(`no function ${wanted}`);
  const { type, call } = found;
  const callable = {
    call: (args: readonly Result[]) =>
      call(args, {
        budget: { step() {}, hold() {} },
        env: () => undefined,
        readFile: () => "",
      }),
  };
  return new Value(type, callable);
}

const SEQUENCE = functionOf([], [], { name: "iter.Seq[int]", sequence: 1 });
const SEQUENCE_2 = functionOf([], [], {
  name: "iter.Seq2[string,int]",
  sequence: 2,
});

function iterator(type: Type, step: (i: number) => readonly Value[]): Call {
  return ([count]) =>
    new Value(type, {
      call: () => undefined,
      *sequence() {
        for (let i = 0; i < Number(count?.int ?? 0n); i++) yield step(i);
      },
    });
}

/** The functions, as the files describe them. */
export const TEST_FUNCTIONS: FunctionMap = new Map<string, TemplateFunction>([
  ["add", plain([INT, INT], [INT], add)],
  ["cat", variadic([STRINGS], [STRING], cat)],
  [
    "two",
    plain(
      [STRING, STRING],
      [STRING],
      ([a, b]) => stringValue(`${a?.string}&${b?.string}`),
    ),
  ],
  [
    "fail",
    plain([STRING], [STRING, ERROR], ([message]) => {
      throw new GoError(textOf(message));
    }),
  ],
  [
    "boom",
    plain([], [STRING], () => {
      throw new GoError("boom");
    }),
  ],
  ["nilv", plain([], [ANY], () => undefined)],
  ["echo", plain([ANY], [ANY], ([value]) => value)],
  [
    "typeOf",
    plain(
      [ANY],
      [STRING],
      ([value]) => stringValue(value?.type.name ?? "<nil>"),
    ),
  ],
  [
    "half",
    plain(
      [FLOAT64],
      [FLOAT64],
      ([value]) => wrap(FLOAT64, (value?.float ?? 0) / 2),
    ),
  ],
  ["isT", plain([BOOL], [BOOL], ([value]) => boolValue(value?.bool ?? false))],
  ["i8", typed("int8")],
  ["u8", typed("uint8")],
  ["u64", typed("uint64")],
  ["f32", typed("float32")],
  [
    "bytes",
    plain(
      [STRING],
      [sliceOf(UINT8)],
      ([text]) => bytesValue(text?.string ?? ""),
    ),
  ],
  [
    "strs",
    variadic(
      [STRINGS],
      [STRINGS],
      (args) => wrap(STRINGS, args),
    ),
  ],
  [
    "list",
    variadic(
      [ANYS],
      [ANYS],
      (args) => wrap(ANYS, args),
    ),
  ],
  ["dict", variadic([ANYS], [mapOf(STRING, ANY), ERROR], dict)],
  [
    "mss",
    plain(
      [STRING, STRING],
      [mapOf(STRING, STRING)],
      ([key, value]) =>
        wrap(mapOf(STRING, STRING), new Map([[textOf(key), value]])),
    ),
  ],
  ["iter", plain([INT], [SEQUENCE], iterator(SEQUENCE, (i) => [intValue(i)]))],
  [
    "iter2",
    plain(
      [INT],
      [SEQUENCE_2],
      iterator(SEQUENCE_2, (i) => [stringValue(`k${i}`), intValue(i * i)]),
    ),
  ],
  [
    "chanOf",
    variadic(
      [STRINGS],
      [chanOf(STRING)],
      (args) => new Value(chanOf(STRING), args),
    ),
  ],
  ["fn", plain([STRING], [ANY, ERROR], functionValue)],
]);
