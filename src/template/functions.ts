/**
 * The functions that regclient adds to Go's, and `title` of its early days.
 *
 * @module
 */
import { toByteString, toText, trimSpace } from "./byte_string.ts";
import { bindMethod } from "./call.ts";
import { GoError } from "./errors.ts";
import {
  type FunctionMap,
  type Surroundings,
  templateFunction,
} from "./function.ts";
import { indentJson, toJson } from "./json.ts";
import { TIME_FUNCTIONS } from "./time.ts";
import { pointerTo, sliceOf } from "./make_type.ts";
import { ANY, type Result, STRING, Value } from "./type.ts";
import {
  bytesOf,
  elementOf,
  equal,
  lengthOf,
  stringValue,
  textOf,
  wrap,
  zero,
} from "./value.ts";

const STRINGS = sliceOf(STRING);

/** JSON with the newline that Go's encoder adds; nothing where it fails. */
function json(value: Result, indent: boolean): Value {
  try {
    const text = toJson(value);
    return stringValue(`${indent ? indentJson(text) : text}\n`);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return stringValue("");
  }
}

/** The object's own pretty text, or its JSON. */
function pretty(value: Result): Value {
  const method = value && bindMethod(value, "MarshalPretty");
  if (method?.callable === undefined) return json(value, true);
  try {
    const text = method.callable.call([]);
    return stringValue(text === undefined ? "" : bytesOf(text));
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return stringValue("");
  }
}

/**
 * What the function `printPretty` gives: the value's own text, or its JSON,
 * indented by two; empty where both fail.
 */
export function printPretty(value: Result): string {
  return textOf(pretty(value));
}

function join([list, separator]: readonly Result[], { budget }: Surroundings) {
  if (list === undefined) return stringValue("");
  const parts = Array.from(
    { length: lengthOf(list) },
    (_, i) => elementOf(list, i).string,
  );
  const mark = separator?.string ?? "";
  budget.hold(
    parts.reduce((sum, part) => sum + part.length + mark.length, 0),
  );
  return stringValue(parts.join(mark));
}

/** What a list holds for each element, beside its text, in bytes. */
const ELEMENT = 64;

function split(
  [text, separator]: readonly Result[],
  { budget }: Surroundings,
): Value {
  const whole = text?.string ?? "";
  const mark = separator?.string ?? "";
  budget.hold(ELEMENT * countOf(mark, whole));
  const parts = mark === ""
    ? Array.from(toText(whole), toByteString)
    : whole.split(mark);
  return wrap(STRINGS, parts.map(stringValue));
}

/** How often a mark occurs; the empty one does at each byte at most. */
function countOf(mark: string, text: string): number {
  if (mark === "") return text.length;
  let count = 0;
  for (let at = 0; (at = text.indexOf(mark, at)) >= 0; at += mark.length) {
    count++;
  }
  return count;
}

function orDefault([otherwise, value]: readonly Result[]): Result {
  if (value === undefined) return otherwise;
  return equal(value, zero(value.type)) ? otherwise : value;
}

/** Changes each letter by itself: `ß` has no capital, unlike in JavaScript. */
function mapLetters(text: string, map: (letter: string) => string): string {
  return Array.from(text, (letter) => {
    const mapped = map(letter);
    return Array.from(mapped).length === 1 ? mapped : letter;
  }).join("");
}

const upper = (text: string) =>
  mapLetters(text, (letter) => letter.toUpperCase());
const lower = (text: string) =>
  // The capital I with a dot becomes a plain i.
  mapLetters(
    text,
    (letter) => letter === "\u0130" ? "i" : letter.toLowerCase(),
  );

/** Makes the first letter of each word a capital; a word is letters, digits, underscores. */
function title(text: string): string {
  return text.replace(
    /(?<![\p{L}\p{Nd}_])\p{L}/gu,
    (letter) => upper(letter),
  );
}

function onText(change: (text: string) => string) {
  return templateFunction([STRING], STRING, {
    call: ([text]) => stringValue(toByteString(change(textOf(text)))),
  });
}

function readFile(path: string, { readFile }: Surroundings): Value {
  try {
    return stringValue(trimSpace(wrap(STRING, readFile(path)).string));
  } catch {
    return stringValue(""); // a file that cannot be read is an empty one
  }
}

/** The functions that regclient adds. */
export const FUNCTIONS: FunctionMap = new Map([
  ["default", templateFunction([ANY, ANY], ANY, { call: orDefault })],
  [
    "env",
    templateFunction([STRING], STRING, {
      call: ([name], { env }) =>
        stringValue(toByteString(env(textOf(name)) ?? "")),
    }),
  ],
  [
    "file",
    templateFunction([STRING], STRING, {
      call: ([path], surroundings) => readFile(textOf(path), surroundings),
    }),
  ],
  ["join", templateFunction([STRINGS, STRING], STRING, { call: join })],
  [
    "json",
    templateFunction([ANY], STRING, { call: ([value]) => json(value, false) }),
  ],
  [
    "jsonPretty",
    templateFunction([ANY], STRING, { call: ([value]) => json(value, true) }),
  ],
  ["lower", onText(lower)],
  [
    "printPretty",
    templateFunction([ANY], STRING, { call: ([value]) => pretty(value) }),
  ],
  ["split", templateFunction([STRING, STRING], STRINGS, { call: split })],
  [
    "time",
    templateFunction([], pointerTo(TIME_FUNCTIONS), {
      call: () => new Value(pointerTo(TIME_FUNCTIONS), {}),
    }),
  ],
  ["title", onText(title)],
  [
    "trimSpace",
    templateFunction([STRING], STRING, {
      call: ([text]) => stringValue(trimSpace(text?.string ?? "")),
    }),
  ],
  ["upper", onText(upper)],
]);
