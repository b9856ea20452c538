/**
 * What Go's types allow: comparing, assigning, calling methods.
 *
 * @module
 */
import { type Selector, Type } from "./type.ts";

/** Tells whether `==` works on values of the type (`reflect.Type.Comparable`). */
export function isComparable(type: Type): boolean {
  switch (type.kind) {
    case "func":
    case "map":
    case "slice":
      return false;
    case "array":
      return isComparable(type.elem);
    case "struct":
      return type.fields.every((field) => isComparable(field.type));
    default:
      return true;
  }
}

/**
 * Finds the method that a value of the type has, promoted ones too.
 *
 * @param addressable Whether methods of the pointer count.
 */
export function methodOf(
  type: Type,
  name: string,
  addressable: boolean,
): Selector | undefined {
  const pointer = type.kind === "ptr";
  const base = pointer ? type.elem : type;
  if (pointer && base.kind === "interface") return undefined;
  const found = base.selector(name, "method");
  if (found?.method === undefined) return undefined;
  const throughPointer = found.path.some(({ type }) => type.kind === "ptr");
  const reachable = pointer || addressable || throughPointer ||
    found.method.pointer !== true;
  return reachable ? found : undefined;
}

/** Tells whether values of the type have all methods of an interface. */
export function implementsInterface(type: Type, wanted: Type): boolean {
  for (const name of wanted.methods.keys()) {
    if (type.kind === "interface") {
      if (!type.methods.has(name)) return false;
    } else if (methodOf(type, name, false) === undefined) return false;
  }
  return true;
}

/** Go's assignability (`reflect.Type.AssignableTo`). */
export function isAssignable(from: Type, to: Type): boolean {
  if (from === to) return true;
  if (to.kind === "interface") return implementsInterface(from, to);
  return (!from.named || !to.named) && hasSameShape(from, to);
}

function hasSameShape(a: Type, b: Type): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "slice":
    case "ptr":
    case "chan":
      return a.elem === b.elem;
    case "array":
      return a.elem === b.elem && a.length === b.length;
    case "map":
      return a.elem === b.elem && a.key === b.key;
    case "func":
      return a.parameters.length === b.parameters.length &&
        a.parameters.every((type, i) => type === b.parameters[i]) &&
        a.results.every((type, i) => type === b.results[i]);
    default:
      return false;
  }
}
