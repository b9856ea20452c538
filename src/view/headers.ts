/**
 * HTTP headers as templates see them.
 *
 * @module
 */
import {
  functionOf,
  mapEntry,
  mapOf,
  type Method,
  namedType,
  type Result,
  STRING,
  stringValue,
  textOf,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import { getter, TEXTS } from "./declare.ts";
import { textsOf } from "./platform.ts";

/** `http.Header`. */
export const HEADER: Type = namedType("http.Header", mapOf(STRING, TEXTS), {
  methods: () => [
    getter("Clone", HEADER, { read: (self) => self }),
    lookup("Get", STRING, ([first = ""]) => first),
    lookup("Values", TEXTS, (values) => values.length === 0 ? null : values),
    silent("Add"),
    silent("Set"),
    silent("Del"),
  ],
});

function lookup(
  name: string,
  result: Type,
  give: (values: readonly string[]) => unknown,
): Method {
  return {
    name,
    type: functionOf([STRING], [result]),
    call(self, [key]): Result {
      const found = valuesOf(self, textOf(key));
      return wrap(result, give(found));
    },
  };
}

/** What gives nothing back cannot be called from a template. */
function silent(name: string): Method {
  const type = functionOf(name === "Del" ? [STRING] : [STRING, STRING], []);
  return { name, type, call: () => undefined };
}

function valuesOf(self: Value, name: string): string[] {
  const found = mapEntry(self, stringValue(canonicalName(name)));
  return found === undefined ? [] : textsOf(found);
}

/** The spelling that Go gives to the name of a header: `Docker-Content-Digest`. */
export function canonicalName(name: string): string {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name)
    ? name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
    : name;
}

/** What holds headers for the type; null where there are none. */
export function headersHost(
  headers: Headers | undefined,
): ReadonlyMap<string, readonly string[]> | null {
  if (headers === undefined) return null;
  const map = new Map<string, string[]>();
  for (const [name, value] of headers) {
    // Only cookies come one by one; fetch joins the values of all others.
    const key = canonicalName(name);
    map.set(key, [...map.get(key) ?? [], value]);
  }
  return map;
}
