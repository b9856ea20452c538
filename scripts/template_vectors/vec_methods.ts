/**
 * The methods of the small types that vector files use (Go package `vec`), as
 * the files describe them.
 *
 * @module
 */
import {
  elementOf,
  fieldOf,
  GoError,
  indirect,
  lengthOf,
  type Result,
  textOf,
  type Value,
} from "../../src/template/mod.ts";

type Run = (receiver: Value, args: readonly Result[]) => unknown;

/** Reads a field through a pointer. */
function field(value: Value, name: string): Value {
  const found = indirect(value).value;
  const selector = found?.type.selector(name, "field");
  if (found === undefined || selector?.field === undefined) {
    throw new GoError(
      "runtime error: invalid memory address or nil pointer dereference",
    );
  }
  const holder = selector.path.reduce(fieldOf, found);
  return fieldOf(holder, selector.field);
}

const text = (value: Value, name: string) => textOf(field(value, name));

function layers(manifest: Value): Value[] {
  const list = field(manifest, "Layers");
  return Array.from({ length: lengthOf(list) }, (_, i) => elementOf(list, i));
}

function platform(value: Value): string {
  const os = text(value, "OS");
  const variant = text(value, "Variant");
  return os === ""
    ? "unknown"
    : [os, text(value, "Architecture"), variant].filter((part) => part !== "")
      .join("/");
}

function changed(value: Value, change: Readonly<Record<string, string>>) {
  return {
    ...Object.fromEntries(
      value.type.fields.map(({ name }) => [name, text(value, name)]),
    ),
    ...change,
  };
}

function commonName(value: Value): string {
  const start = text(value, "Scheme") === "reg"
    ? `${text(value, "Registry")}/${text(value, "Repository")}`
    : `ocidir://${text(value, "Path")}`;
  const [tag, digest] = [text(value, "Tag"), text(value, "Digest")];
  return start + (tag === "" ? "" : `:${tag}`) +
    (digest === "" ? "" : `@${digest}`);
}

const PANIC: Run = () => {
  throw new GoError("manifest panic");
};
const NOTHING: Run = () => undefined;

/** What each method does, by type and name. */
export const VEC_METHODS: Readonly<Record<string, Run>> = {
  "vec.Descriptor.Annotation": (self, [key]) => {
    const found = field(self, "Annotations").data;
    return found instanceof Map ? found.get(textOf(key)) ?? "" : "";
  },
  "vec.Descriptor.Same": (self, [other]) =>
    other !== undefined && text(self, "Digest") === text(other, "Digest") &&
    field(self, "Size").int === field(other, "Size").int,
  "vec.Digest.Algorithm": (self) => textOf(self).split(":")[0],
  "vec.Digest.Encoded": (self) =>
    textOf(self).slice(textOf(self).indexOf(":") + 1),
  "vec.Digest.String": textOf,
  "vec.Image.String": platform,
  "vec.Platform.String": platform,
  "vec.Level.String": ({ int }) =>
    int === 0n ? "low" : int === 1n ? "high" : `Level(${int})`,
  "vec.Manifest.TotalSize": (self) =>
    layers(self).reduce((sum, layer) => sum + field(layer, "Size").int, 0n),
  "vec.Manifest.GetConfig": (self) => field(self, "Config"),
  "vec.Manifest.Join": (self, [separator, ...extra]) =>
    [
      ...layers(self).map((layer) =>
        text(layer, "Digest").replace(/^[^:]*:/, "").slice(0, 4)
      ),
      ...extra.map(textOf),
    ].join(textOf(separator)),
  "vec.Manifest.Layer": (self, [index]) => {
    const found = layers(self)[Number(index?.int ?? 0n)];
    if (found === undefined) {
      throw new GoError(`layer ${index?.int} not found`);
    }
    return found;
  },
  "vec.Manifest.LayerCount": (self) => self.isNil ? -1 : layers(self).length,
  "vec.Manifest.Panic": PANIC,
  "vec.Manifest.Pair": NOTHING,
  "vec.Manifest.Triple": NOTHING,
  "vec.Manifest.Void": NOTHING,
  "vec.PtrStr.String": (self) =>
    self.isNil ? "PtrStr(nil)" : `PtrStr<${field(self, "N").int}>`,
  "vec.Ref.CommonName": commonName,
  "vec.Ref.IsZero": (self) =>
    self.type.fields.every(({ name }) => text(self, name) === ""),
  "vec.Ref.MustTag": (self) => {
    if (text(self, "Tag") === "") throw new GoError("reference has no tag");
    return text(self, "Tag");
  },
  "vec.Ref.SetDigest": (self, [digest]) =>
    changed(self, { Digest: textOf(digest), Tag: "" }),
  "vec.Ref.SetTag": (self, [tag]) =>
    changed(self, { Tag: textOf(tag), Digest: "" }),
  "vec.TagList.GetTags": (self) => field(self, "Tags"),
  "vec.TagList.Len": (self) => lengthOf(field(self, "Tags")),
  "vec.ValErr.Error": (self) => `code ${field(self, "Code").int}`,
};
