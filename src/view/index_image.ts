/**
 * What templates written for images find on an index: the image for one of its
 * platforms.
 *
 * @module
 */
import {
  type ExecuteOptions,
  executeTemplate,
  pointerTo,
  structType,
  TemplateError,
  type TemplateOptions,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import { readKey } from "./declare.ts";
import { OCI_INDEX, OCI_MANIFEST } from "./manifest_types.ts";
import { MANIFEST_TYPES } from "./manifest.ts";
import { MEDIA_TYPES } from "../registry/media_types.ts";

const INDEX_TYPES: ReadonlySet<string> = new Set(
  [MEDIA_TYPES.ociIndex, MEDIA_TYPES.dockerList].flatMap((mediaType) => {
    const type = MANIFEST_TYPES.get(mediaType);
    return type === undefined ? [] : [`*${type.name}`];
  }),
);

/** The fields of an image that an index does not have. */
const IMAGE_FIELDS: ReadonlySet<string> = new Set(
  OCI_MANIFEST.fields.map(({ name }) => name)
    .filter((name) => OCI_INDEX.fields.every((field) => field.name !== name)),
);

/**
 * Tells whether a template asks an index for what only an image has. It runs
 * the template once, and shows nothing.
 *
 * @param text The template.
 * @param view A manifest of any kind.
 */
export function asksForImage(
  text: string,
  view: Value,
  options: Omit<ExecuteOptions, "write"> & TemplateOptions = {},
): boolean {
  if (!INDEX_TYPES.has(view.type.name)) return false;
  try {
    executeTemplate(text, view, { ...options, write: () => {} });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { missing } = error.place;
    return missing !== undefined && INDEX_TYPES.has(missing.type) &&
      IMAGE_FIELDS.has(missing.field);
  }
  return false;
}

const joined = new WeakMap<Type, Type>();

/**
 * An index whose missing fields are those of an image.
 *
 * @param index The view of the index.
 * @param image The view of the image.
 */
export function withImage(index: Value, image: Value): Value {
  const type = joined.get(index.type.elem) ?? join(index.type.elem);
  joined.set(index.type.elem, type);
  return wrap(pointerTo(type), { index: index.data, image: image.data });
}

/**
 * The index's own type, with the image's fields one level deeper: what the
 * index has goes first.
 */
function join(index: Type): Type {
  const image = structType("manifest.indexImage", {
    fields: () => [{
      name: "Manifest",
      type: OCI_MANIFEST,
      embedded: true,
      get: (host) => readKey(readKey(host, "image"), "json"),
    }],
  });
  return structType(index.name, {
    fields: () => [
      ...index.fields.map((field) => ({
        ...field,
        get: (host: unknown) => field.get?.(readKey(host, "index")),
      })),
      {
        name: "indexImage",
        type: image,
        json: "-",
        embedded: true,
        unexported: true,
        get: (host) => host,
      },
    ],
    methods: () =>
      Array.from(index.methods.values(), (method) => ({
        ...method,
        call: (receiver, args) =>
          method.call(
            wrap(pointerTo(index), readKey(receiver.data, "index")),
            args,
          ),
      })),
  });
}
