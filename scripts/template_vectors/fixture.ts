/**
 * Builds the values of a vector file.
 *
 * @module
 */
import {
  type Callable,
  functionOf,
  GoError,
  type Instant,
  isInteger,
  type Method,
  parseRfc3339,
  pointerTo,
  type Result,
  STRING,
  stringValue,
  structType,
  timeValue,
  type Type,
  valueOf,
  wrap,
} from "../../src/template/mod.ts";
import { fixedZone, UTC } from "../../src/template/calendar.ts";
import { sprint } from "../../src/template/printf.ts";
import { VIEW_TYPES } from "../../src/view/mod.ts";
import { GoTypes } from "./go_types.ts";
import { VEC_METHODS } from "./vec_methods.ts";
import type { Fixture, VectorFile } from "./vector_file.ts";

/** Builds a fixture anew: some methods change their receiver. */
export function buildFixture(
  fixture: Fixture,
  file: Pick<VectorFile, "fixtures" | "types">,
): Result {
  return new Builder(fixture, file).build();
}

type Json = Readonly<Record<string, unknown>>;

function isObject(data: unknown): data is Json {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

const ERROR_STRING: Type = structType("errors.errorString", {
  fields: () => [{ name: "s", type: STRING, unexported: true }],
  methods: () => [{
    name: "Error",
    type: functionOf([], [STRING]),
    pointer: true,
    call: ({ data }) => wrap(STRING, isObject(data) ? data["s"] : ""),
  }],
});

/** Types whose methods need nothing but their fields. */
const VALUE_TYPES: ReadonlySet<string> = new Set([
  "descriptor.Descriptor",
  "digest.Algorithm",
  "digest.Digest",
  "http.Header",
  "platform.Platform",
  "ref.Ref",
]);

class Builder {
  readonly #fixture: Fixture;
  readonly #file: Pick<VectorFile, "fixtures" | "types">;
  readonly #types: GoTypes;

  constructor(
    fixture: Fixture,
    file: Pick<VectorFile, "fixtures" | "types">,
  ) {
    this.#fixture = fixture;
    this.#file = file;
    this.#types = new GoTypes(file.types, (...args) => this.#method(...args));
  }

  build(): Result {
    const type = this.#types.get(this.#fixture.goType);
    return wrap(type, this.#host(type, this.#fixture.goData, ""));
  }

  #method(
    type: string,
    name: string,
    result: Type,
  ): Method["call"] | undefined {
    const own = VEC_METHODS[`${type}.${name}`];
    if (own !== undefined) {
      return (receiver, args) => wrap(result, own(receiver, args));
    }
    const view = VIEW_TYPES.get(type)?.methods.get(name);
    if (view !== undefined && VALUE_TYPES.has(type)) return view.call;
    const results = this.#fixture.methodResults ?? {};
    const given = results[name === "MarshalJSON" ? "RawBody" : name];
    if (isObject(given)) return () => this.#result(given);
    return view?.call;
  }

  #result(given: Json): Result {
    if (typeof given["$error"] === "string") {
      throw new GoError(given["$error"]);
    }
    const type = this.#types.get(String(given["$type"]));
    return typeof given["$text"] === "string"
      ? wrap(type, new TextEncoder().encode(given["$text"]))
      : wrap(type, this.#host(type, given["$value"], ""));
  }

  /** What holds a value, in the form that the engine takes. */
  #host(type: Type, data: unknown, path: string): unknown {
    if (data === null || data === undefined) return null;
    if (type.name === "time.Time") return this.#time(String(data), path);
    if (isObject(data)) {
      const special = this.#special(type, data);
      if (special !== undefined) return special;
    }
    switch (type.kind) {
      case "interface":
        return this.#dynamic(data);
      case "ptr":
        return this.#pointer(type, data, path);
      case "struct":
        return this.#struct(type, data, path);
      case "map":
        return this.#map(type, data, path);
      case "slice":
      case "array":
        return Array.isArray(data)
          ? data.map((item) => this.#host(type.elem, item, path))
          : null;
      default:
        return data;
    }
  }

  #special(type: Type, data: Json): unknown {
    if (typeof data["$int"] === "string") return BigInt(data["$int"]);
    if (typeof data["$float"] === "string") {
      return Number(data["$float"].replace("Inf", "Infinity"));
    }
    if (Array.isArray(data["$complex"])) {
      const [re, im] = data["$complex"];
      return { re, im };
    }
    if (typeof data["$bytes"] === "string") {
      return Uint8Array.from(atob(data["$bytes"]), (c) => c.charCodeAt(0));
    }
    return "$func" in data ? functionFor(type, this.#types) : undefined;
  }

  #dynamic(data: unknown): Result {
    if (!isObject(data)) return valueOf(data);
    if (typeof data["$error"] === "string") {
      return wrap(pointerTo(ERROR_STRING), { s: data["$error"] });
    }
    const same = this.#twin(data);
    if (same !== undefined) return buildFixture(same, this.#file);
    const type = this.#types.get(String(data["$type"]));
    return wrap(type, this.#host(type, data["$value"], ""));
  }

  /** Another fixture that is this very value: it knows what the methods give. */
  #twin(data: Json): Fixture | undefined {
    const value = JSON.stringify(data["$value"]);
    return Object.values(this.#file.fixtures).find((other) =>
      other !== this.#fixture && other.methodResults !== undefined &&
      other.goType === data["$type"] && JSON.stringify(other.goData) === value
    );
  }

  #pointer(type: Type, data: unknown, path: string): unknown {
    const host = this.#host(type.elem, data, path);
    return type.elem.kind === "struct" ? host : wrap(type.elem, host);
  }

  #struct(type: Type, data: unknown, path: string): unknown {
    const source: Json = isObject(data) ? data : {};
    return Object.fromEntries(
      type.fields.map((field) => [
        field.name,
        this.#host(field.type, source[field.name], `${path}.${field.name}`),
      ]),
    );
  }

  #map(type: Type, data: unknown, path: string): unknown {
    const source: Json = isObject(data) ? data : {};
    const { kind } = type.key;
    const key = (text: string) =>
      kind === "string"
        ? text
        : kind === "bool"
        ? text === "true"
        : isInteger(kind)
        ? BigInt(text)
        : Number(text);
    return new Map(
      Object.entries(source).map((
        [name, value],
      ) => [key(name), this.#host(type.elem, value, path)]),
    );
  }

  /** The file has no zone names but in the fixture's description. */
  #time(text: string, path: string): Result {
    const instant: Instant = parseRfc3339(text);
    const { seconds } = instant.zone.at(instant.seconds);
    if (text.endsWith("Z")) return timeValue({ ...instant, zone: UTC });
    const named = /(\w+) is [^.]*\.?[^.]*zone name (\w+)/.exec(
      this.#fixture.doc,
    );
    const name = path === `.${named?.[1]}` ? named?.[2] ?? "" : "";
    return timeValue({ ...instant, zone: fixedZone(name, seconds) });
  }
}

/** The functions in fields, which the fixture describes by their signature. */
function functionFor(type: Type, types: GoTypes): Callable | undefined {
  switch (type.name) {
    case "func() string":
      return { call: () => stringValue("fn0") };
    case "func(int, string) string":
      return {
        call: ([n, s]) => stringValue(`${n?.int ?? 0}:${s?.string ?? ""}`),
      };
    case "func(string, ...int) string":
      return {
        call: ([s, ...n]) =>
          stringValue(
            (s?.string ?? "") +
              sprint([wrap(types.get("[]int"), n)]),
          ),
      };
    case "func(bool) (string, error)":
      return {
        call: ([fails]) => {
          if (fails?.bool === true) throw new GoError("FnErr failed");
          return stringValue("fine");
        },
      };
    default:
      return undefined;
  }
}
