/**
 * Go's types, as far as templates can tell them apart, and the values that have them.
 *
 * @module
 */
import type { ByteString } from "./byte_string.ts";
import type { Kind } from "./kind.ts";

/** A field of a struct. */
export interface Field {
  /** Its Go name. */
  readonly name: string;
  /** Its type. */
  readonly type: Type;
  /** Its `json` tag, such as `size,omitempty`; `-` leaves it out. */
  readonly json?: string | undefined;
  /** Whether its own fields and methods are promoted. @default {false} */
  readonly embedded?: boolean | undefined;
  /** Whether templates must refuse it. @default {false} */
  readonly unexported?: boolean | undefined;
  /** Reads it from what holds the struct. @default {(host) => host[name]} */
  readonly get?: ((host: unknown) => unknown) | undefined;
}

/** What a function gives back: `undefined` is Go's invalid value, such as untyped nil. */
export type Result = Value | undefined;

/** A method. */
export interface Method {
  /** Its Go name. */
  readonly name: string;
  /** Its type without the receiver. */
  readonly type: Type;
  /** Whether it is declared on the pointer. @default {false} */
  readonly pointer?: boolean | undefined;
  /**
   * Runs it. The receiver is a value of the type that declares the method, or
   * a pointer to it where `pointer` is set.
   *
   * @throws {GoError} What Go would return as its error.
   */
  readonly call: (receiver: Value, args: readonly Result[]) => Result;
}

interface Shape {
  readonly named?: boolean;
  readonly elem?: Type;
  readonly key?: Type;
  readonly length?: number;
  readonly fields?: () => readonly Field[];
  readonly methods?: () => readonly Method[];
  readonly parameters?: readonly Type[];
  readonly results?: readonly Type[];
  readonly variadic?: boolean;
  readonly sequence?: 1 | 2;
}

/** A Go type. Types are compared by identity: make them with the functions below. */
export class Type {
  /** Its kind. */
  readonly kind: Kind;
  /** How Go prints it, such as `[]string` or `v1.Image`. */
  readonly name: string;
  readonly #shape: Shape;
  #fields: readonly Field[] | undefined;
  #methods: ReadonlyMap<string, Method> | undefined;
  #selectors: Map<string, Selector | undefined> | undefined;
  /** Types made from this one, so that each exists once. */
  readonly derived: Map<string | Type, Type> = new Map();

  /** Makes a type; the functions of this module are the way to do it. */
  constructor(kind: Kind, name: string, shape: Shape = {}) {
    this.kind = kind;
    this.name = name;
    this.#shape = shape;
  }

  /** Whether it has a name of its own, so that only identical types are assignable. */
  get named(): boolean {
    return this.#shape.named ?? false;
  }
  /** The type of its elements, or of what it points to. */
  get elem(): Type {
    return this.#shape.elem ?? ANY;
  }
  /** The type of a map's keys. */
  get key(): Type {
    return this.#shape.key ?? STRING;
  }
  /** How many elements an array has. */
  get length(): number {
    return this.#shape.length ?? 0;
  }
  /** The fields of a struct, in order. */
  get fields(): readonly Field[] {
    return this.#fields ??= this.#shape.fields?.() ?? [];
  }
  /** The methods it declares itself, or that an interface demands. */
  get methods(): ReadonlyMap<string, Method> {
    return this.#methods ??= new Map(
      (this.#shape.methods?.() ?? []).map((method) => [method.name, method]),
    );
  }
  /** The parameters of a function; the last one of a variadic is a slice. */
  get parameters(): readonly Type[] {
    return this.#shape.parameters ?? [];
  }
  /** The results of a function. */
  get results(): readonly Type[] {
    return this.#shape.results ?? [];
  }
  /** Whether a function takes any number of last arguments. */
  get variadic(): boolean {
    return this.#shape.variadic ?? false;
  }
  /** How many values a step of this iterator gives, where it is one. */
  get sequence(): 1 | 2 | undefined {
    return this.#shape.sequence;
  }

  /** Finds a field or a method, promoted ones too; `undefined` where there is none or several. */
  selector(name: string, want: "field" | "method"): Selector | undefined {
    this.#selectors ??= new Map();
    const id = `${want} ${name}`;
    if (!this.#selectors.has(id)) {
      this.#selectors.set(id, findSelector(this, name, want));
    }
    return this.#selectors.get(id);
  }
}

/** Where a field or a method was found. */
export interface Selector {
  /** The embedded fields on the way to it. */
  readonly path: readonly Field[];
  /** The field, where it is one. */
  readonly field?: Field | undefined;
  /** The method, where it is one. */
  readonly method?: Method | undefined;
}

/**
 * Go's rule for promotion: the shallowest wins, and two at the same depth hide
 * each other. Fields are looked up among fields; methods among both.
 */
function findSelector(
  type: Type,
  name: string,
  want: "field" | "method",
): Selector | undefined {
  let level: { type: Type; path: readonly Field[] }[] = [{ type, path: [] }];
  const seen = new Set<Type>();
  while (level.length > 0) {
    const found: Selector[] = [];
    const next: typeof level = [];
    for (const { type, path } of level) {
      if (seen.has(type)) continue;
      seen.add(type);
      const method = type.methods.get(name);
      if (want === "method" && method !== undefined) {
        found.push({ path, method });
      }
      for (const field of type.fields) {
        if (field.name === name) found.push({ path, field });
        if (field.embedded !== true) continue;
        const inner = field.type.kind === "ptr" ? field.type.elem : field.type;
        next.push({ type: inner, path: [...path, field] });
      }
    }
    if (found.length > 0) {
      const only = found.length === 1 ? found[0] : undefined;
      return only?.[want] === undefined ? undefined : only;
    }
    level = next;
  }
  return undefined;
}

/** Makes a type that Go declares itself, called as its kind unless a name is given. */
export const predeclared = (kind: Kind, name: string = kind): Type =>
  new Type(kind, name, { named: true });

/** `bool`. */
export const BOOL: Type = predeclared("bool");
/** `int`. */
export const INT: Type = predeclared("int");
/** `int64`. */
export const INT64: Type = predeclared("int64");
/** `uint8`, also known as `byte`. */
export const UINT8: Type = predeclared("uint8");
/** `uint64`. */
export const UINT64: Type = predeclared("uint64");
/** `float64`. */
export const FLOAT64: Type = predeclared("float64");
/** `complex128`. */
export const COMPLEX128: Type = predeclared("complex128");
/** `string`. */
export const STRING: Type = predeclared("string");
/** `interface {}`. */
export const ANY: Type = new Type("interface", "interface {}");

/** `reflect.Value`: a parameter of this type takes anything, unchecked. */
export const REFLECT_VALUE: Type = new Type("struct", "reflect.Value", {
  named: true,
});

/** Tells whether nil is a value of the type. */
export function isNillable(type: Type): boolean {
  switch (type.kind) {
    case "chan":
    case "func":
    case "interface":
    case "map":
    case "ptr":
    case "slice":
      return true;
    default:
      return type === REFLECT_VALUE;
  }
}

/** A complex number. */
export interface Complex {
  /** The real part. */
  readonly re: number;
  /** The imaginary part. */
  readonly im: number;
}

/** What can be known of a value beyond its type and its data. */
export interface ValueTraits {
  /** Methods of the pointer may be called on it. @default {false} */
  readonly addressable?: boolean;
  /** It came out of an unexported field: its methods are out of reach. @default {undefined} */
  readonly hidden?: "embedded" | "field" | undefined;
}

/** Part of an array: what a slice looks at. */
export interface Elements {
  /** What holds the elements. */
  readonly items: ArrayLike<unknown>;
  /** The first one of the slice. */
  readonly offset: number;
  /** How many there are. */
  readonly length: number;
  /** How many there would be up to the end of the array. */
  readonly capacity: number;
}

/** Something that templates can call. */
export interface Callable {
  /**
   * Calls it.
   *
   * @throws {GoError} What Go would return as its error.
   */
  readonly call: (args: readonly (Value | undefined)[]) => Value | undefined;
  /** What ranging over it gives, where it is an iterator. */
  readonly sequence?: () => Iterable<readonly Value[]>;
}

const NO_TRAITS: ValueTraits = {};

/**
 * A Go value. Make one with `wrap` from what JavaScript holds.
 *
 * What `data` is, by kind: boolean; bigint for integers; number for floats;
 * {@linkcode Complex}; a byte string; {@linkcode Elements} or null for slices
 * and arrays; a Map, an object or null for maps; anything, or null for the zero
 * value, for structs; what it points to, or null, for pointers; a value or
 * null for interfaces; {@linkcode Callable} or null for functions; a list of
 * what is left in it, or null, for channels.
 */
export class Value {
  /** Its type. */
  readonly type: Type;
  /** What JavaScript holds of it. */
  readonly data: unknown;
  /** What else is known of it. */
  readonly traits: ValueTraits;

  /** Makes a value of data in the form above; `wrap` converts. */
  constructor(type: Type, data: unknown, traits: ValueTraits = NO_TRAITS) {
    this.type = type;
    this.data = data;
    this.traits = traits;
  }

  /** The boolean that it is. */
  get bool(): boolean {
    return this.data === true;
  }
  /** The integer that it is. */
  get int(): bigint {
    return typeof this.data === "bigint" ? this.data : 0n;
  }
  /** The number that it is. */
  get float(): number {
    return typeof this.data === "number" ? this.data : 0;
  }
  /** The complex number that it is. */
  get complex(): Complex {
    return isComplex(this.data) ? this.data : { re: 0, im: 0 };
  }
  /** The string that it is. */
  get string(): ByteString {
    return typeof this.data === "string" ? this.data : "";
  }
  /** The elements of the slice or the array that it is; `undefined` for nil. */
  get elements(): Elements | undefined {
    return isElements(this.data) ? this.data : undefined;
  }
  /** The function that it is; `undefined` for nil. */
  get callable(): Callable | undefined {
    return isCallable(this.data) ? this.data : undefined;
  }
  /** Whether it is nil; false for types that have no nil. */
  get isNil(): boolean {
    return this.data === null && isNillable(this.type);
  }
}

/** Tells whether data is a complex number. */
export function isComplex(data: unknown): data is Complex {
  return typeof data === "object" && data !== null && "re" in data &&
    "im" in data;
}

/** Tells whether data are the elements of a slice. */
export function isElements(data: unknown): data is Elements {
  return typeof data === "object" && data !== null && "items" in data;
}

/** Tells whether data can be called. */
export function isCallable(data: unknown): data is Callable {
  return typeof data === "object" && data !== null && "call" in data;
}
