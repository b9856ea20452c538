/**
 * References as templates see them.
 *
 * @module
 */
import {
  BOOL,
  functionOf,
  type Method,
  STRING,
  structType,
  textOf,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import {
  addDigest,
  commonName,
  isComplete,
  isRepositorySet,
  type Reference,
  toRegistryReference,
  withDigest,
  withTag,
} from "../registry/reference.ts";
import { getter, readKey, textField } from "./declare.ts";

const NAMES = [
  "Scheme",
  "Reference",
  "Registry",
  "Repository",
  "Tag",
  "Digest",
  "Path",
] as const;

/** `ref.Ref`; null is the zero reference. */
export const REF: Type = structType("ref.Ref", {
  fields: () =>
    NAMES.map((name) => ({
      name,
      type: STRING,
      get: (host) => readKey(host, name.toLowerCase()),
    })),
  methods: () => [
    changer("AddDigest", addDigest),
    changer("SetDigest", withDigest),
    changer("SetTag", withTag),
    getter("CommonName", STRING, { read: (self) => nameOf(self) }),
    getter("IsSet", BOOL, { read: (self) => isComplete(referenceOf(self)) }),
    getter("IsSetRepo", BOOL, {
      read: (self) => isRepositorySet(referenceOf(self)),
    }),
    getter("IsZero", BOOL, {
      read: (self) => NAMES.every((name) => textField(self, name) === ""),
    }),
    getter("ToReg", REF, { read: toRegistry }),
  ],
});

function changer(
  name: string,
  change: (reference: Reference, text: string) => Reference,
): Method {
  return {
    name,
    type: functionOf([STRING], [REF]),
    call: (self, [text]) => wrap(REF, change(referenceOf(self), textOf(text))),
  };
}

function nameOf(self: Value): string {
  return textField(self, "Scheme") === "" ? "" : commonName(referenceOf(self));
}

/** Unlike ours, upstream's keeps the text and the path of the layout. */
function toRegistry(self: Value): Reference {
  const before = referenceOf(self);
  const { reference, path } = before;
  return { ...toRegistryReference(before), reference, path };
}

/** The reference that a view shows. */
export function referenceOf(view: Value): Reference {
  const scheme = textField(view, "Scheme");
  return {
    scheme: scheme === "ocidir" || scheme === "ocifile" ? scheme : "reg",
    reference: textField(view, "Reference"),
    registry: textField(view, "Registry"),
    repository: textField(view, "Repository"),
    tag: textField(view, "Tag"),
    digest: textField(view, "Digest"),
    path: textField(view, "Path"),
  };
}

/** A reference as templates see it. */
export function referenceView(reference: Reference): Value {
  return wrap(REF, reference);
}
