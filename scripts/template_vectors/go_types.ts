/**
 * Builds the types of a vector file.
 *
 * @module
 */
import {
  ANY,
  arrayOf,
  basicType,
  chanOf,
  DURATION,
  functionOf,
  GoError,
  interfaceType,
  LOCATION,
  mapOf,
  type Method,
  MONTH,
  namedType,
  pointerTo,
  sliceOf,
  structType,
  TIME,
  type Type,
  WEEKDAY,
} from "../../src/template/mod.ts";
import type { TypeEntry } from "./vector_file.ts";

/** Runs a method that the file only declares. */
export type MethodFinder = (
  type: string,
  method: string,
  result: Type,
) => Method["call"] | undefined;

const TIME_TYPES: ReadonlyMap<string, Type> = new Map(
  [TIME, DURATION, MONTH, WEEKDAY, LOCATION].map((type) => [type.name, type]),
);

/** The types of one file, made as they are asked for. */
export class GoTypes {
  readonly #entries: Readonly<Record<string, TypeEntry>>;
  readonly #find: MethodFinder;
  readonly #made = new Map<string, Type>(TIME_TYPES);

  /** Takes the file's table of types, and what runs their methods. */
  constructor(
    entries: Readonly<Record<string, TypeEntry>>,
    find: MethodFinder,
  ) {
    this.#entries = entries;
    this.#find = find;
  }

  /** Finds a type by the name that Go prints. */
  get(name: string): Type {
    const found = this.#made.get(name) ?? this.#make(name);
    this.#made.set(name, found);
    return found;
  }

  /** Reads parameters and results, such as `(string, ...int) (string, error)`. */
  signature(text: string): {
    readonly parameters: readonly Type[];
    readonly results: readonly Type[];
    readonly variadic: boolean;
  } {
    const close = matching(text, 0);
    const inner = splitList(text.slice(1, close));
    const outer = text.slice(close + 1).trim();
    const results = outer.startsWith("(")
      ? splitList(outer.slice(1, -1))
      : outer === ""
      ? []
      : [outer];
    const variadic = inner.at(-1)?.startsWith("...") ?? false;
    return {
      parameters: inner.map((name) => this.get(name.replace(/^\.\.\./, "[]"))),
      results: results.map((name) => this.get(name)),
      variadic,
    };
  }

  #make(name: string): Type {
    const array = /^\[(\d*)\]/.exec(name);
    if (name.startsWith("*")) return pointerTo(this.get(name.slice(1)));
    if (array !== null) {
      const elem = this.get(name.slice(array[0].length));
      const length = array[1] ?? "";
      return length === "" ? sliceOf(elem) : arrayOf(elem, Number(length));
    }
    if (name.startsWith("map[")) {
      const close = matching(name, 3);
      return mapOf(
        this.get(name.slice(4, close)),
        this.get(name.slice(close + 1)),
      );
    }
    if (name.startsWith("chan ")) return chanOf(this.get(name.slice(5)));
    if (name.startsWith("func(")) {
      const { parameters, results, variadic } = this.signature(name.slice(4));
      return functionOf(parameters, results, { variadic });
    }
    return basicType(name) ?? this.#declared(name);
  }

  #declared(name: string): Type {
    const entry = this.#entries[name];
    if (entry?.kind === "interface") {
      // Its methods are not in the file; that it has some is what counts.
      return interfaceType(name, () => [{
        name: "IsList",
        type: functionOf([], [this.get("bool")]),
        call: () => undefined,
      }]);
    }
    const methods = () => this.#methods(name, entry);
    if (entry === undefined || entry.kind === "struct") {
      const fields = () =>
        (entry?.fields ?? []).map((field) => ({
          ...field,
          type: this.get(field.type),
        }));
      return structType(name, { fields, methods });
    }
    const shape = entry.kind === "map"
      ? mapOf(this.get(entry.key ?? "string"), this.get(entry.elem ?? ""))
      : basicType(entry.kind) ?? ANY;
    return namedType(name, shape, { methods });
  }

  #methods(name: string, entry: TypeEntry | undefined): readonly Method[] {
    return (entry?.methods ?? []).map((method): Method => {
      const { parameters, results, variadic } = this.signature(method.sig);
      return {
        name: method.name,
        type: functionOf(parameters, results, { variadic }),
        pointer: method.ptrReceiver,
        call: this.#find(name, method.name, results[0] ?? ANY) ?? (() => {
          throw new GoError(`${name}.${method.name} is not known here`);
        }),
      };
    });
  }
}

/** Where the bracket that opens at `open` closes. */
function matching(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if ("([".includes(text[i] ?? "-")) depth++;
    else if (")]".includes(text[i] ?? "-") && --depth === 0) return i;
  }
  return text.length;
}

function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const char of text) {
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    if (char === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += char;
  }
  return part.trim() === "" ? parts : [...parts, part.trim()];
}
