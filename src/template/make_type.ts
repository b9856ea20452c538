/**
 * Makes Go's types from others, and finds them by their names.
 *
 * @module
 */
import {
  ANY,
  BOOL,
  COMPLEX128,
  type Field,
  FLOAT64,
  INT,
  INT64,
  type Method,
  predeclared,
  STRING,
  Type,
  UINT64,
  UINT8,
} from "./type.ts";

/** `error`. */
export const ERROR: Type = new Type("interface", "error", {
  named: true,
  methods: () => [{
    name: "Error",
    type: functionOf([], [STRING]),
    call: () => undefined,
  }],
});

const BASIC: ReadonlyMap<string, Type> = new Map(
  [
    BOOL,
    INT,
    predeclared("int8"),
    predeclared("int16"),
    predeclared("int32"),
    INT64,
    predeclared("uint"),
    UINT8,
    predeclared("uint16"),
    predeclared("uint32"),
    UINT64,
    predeclared("uintptr"),
    predeclared("float32"),
    FLOAT64,
    COMPLEX128,
    STRING,
    ANY,
    ERROR,
  ].map((type) => [type.name, type]),
);

/** Finds a predeclared type by its name. */
export function basicType(name: string): Type | undefined {
  return BASIC.get(name);
}

function derive(from: Type, id: string | Type, make: () => Type): Type {
  const found = from.derived.get(id) ?? make();
  from.derived.set(id, found);
  return found;
}

/** `[]elem`. */
export function sliceOf(elem: Type): Type {
  return derive(
    elem,
    "[]",
    () => new Type("slice", `[]${elem.name}`, { elem }),
  );
}

/** `[length]elem`. */
export function arrayOf(elem: Type, length: number): Type {
  const id = `[${length}]`;
  return derive(
    elem,
    id,
    () => new Type("array", id + elem.name, { elem, length }),
  );
}

/** `*elem`. */
export function pointerTo(elem: Type): Type {
  return derive(elem, "*", () => new Type("ptr", `*${elem.name}`, { elem }));
}

/** `map[key]elem`. */
export function mapOf(key: Type, elem: Type): Type {
  const name = `map[${key.name}]${elem.name}`;
  return derive(elem, key, () => new Type("map", name, { key, elem }));
}

/** `chan elem`. */
export function chanOf(elem: Type): Type {
  return derive(
    elem,
    "chan",
    () => new Type("chan", `chan ${elem.name}`, { elem }),
  );
}

/** Options for {@linkcode functionOf}. */
export interface FunctionTypeOptions {
  /** Takes any number of last arguments. @default {false} */
  readonly variadic?: boolean;
  /** The name it prints with. @default {the signature} */
  readonly name?: string;
  /** Makes it an iterator that gives so many values a step. */
  readonly sequence?: 1 | 2;
}

/** `func(parameters) results`. */
export function functionOf(
  parameters: readonly Type[],
  results: readonly Type[],
  options: FunctionTypeOptions = {},
): Type {
  const { variadic = false } = options;
  const inner = parameters.map(({ name }, i) =>
    variadic && i === parameters.length - 1 ? name.replace("[]", "...") : name
  ).join(", ");
  const outer = results.map(({ name }) => name).join(", ");
  const tail = results.length === 0
    ? ""
    : results.length === 1
    ? ` ${outer}`
    : ` (${outer})`;
  return new Type("func", options.name ?? `func(${inner})${tail}`, {
    parameters,
    results,
    variadic,
    named: options.name !== undefined,
    ...options.sequence === undefined ? {} : { sequence: options.sequence },
  });
}

/** What {@linkcode structType} and {@linkcode namedType} are made of. */
export interface Declaration {
  /** The fields of a struct. Called once, late, so that types may refer to each other. */
  readonly fields?: () => readonly Field[];
  /** The methods. Called once, late. */
  readonly methods?: () => readonly Method[];
}

/** Declares a struct type; `struct {…}` as name makes it an unnamed one. */
export function structType(name: string, declaration: Declaration = {}): Type {
  const named = !name.startsWith("struct {");
  return new Type("struct", name, { ...declaration, named });
}

/** Declares a type with the shape of another one. */
export function namedType(
  name: string,
  underlying: Type,
  declaration: Declaration = {},
): Type {
  const { kind, elem, key, length } = underlying;
  return new Type(kind, name, {
    fields: () => underlying.fields,
    ...declaration,
    named: true,
    elem,
    key,
    length,
  });
}

/** Declares an interface with methods. */
export function interfaceType(
  name: string,
  methods: () => readonly Method[],
): Type {
  return new Type("interface", name, { named: true, methods });
}
