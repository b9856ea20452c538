/**
 * Manifests: read, looked at, changed, put and deleted.
 *
 * @module
 */
import { isRegError, messageOf, RegError } from "../../base/errors.ts";
import type { ManifestBytes, Platform } from "../../registry/core.ts";
import {
  encodeGo,
  isJsonObject,
  parseJson,
  SHAPES,
} from "../../registry/go_json.ts";
import { resolveImage } from "../../registry/image.ts";
import { describeManifest, parseManifest } from "../../registry/manifest.ts";
import { deleteManifest as deleteFrom } from "../../registry/manifest_delete.ts";
import { MEDIA_TYPES } from "../../registry/media_types.ts";
import { parsePlatform } from "../../registry/platform.ts";
import { rateLimitOf } from "../../registry/rate_limit.ts";
import {
  addDigest,
  commonName,
  type Reference,
  tagOrDigest,
} from "../../registry/reference.ts";
import { HostStruct, type HostValue } from "../codec.ts";
import { ArgumentError } from "../worker_thread.ts";
import type { Call } from "./call.ts";
import type { Definition } from "./definition.ts";
import { exportFields, exportStruct, type NamedField } from "./export.ts";
import { importStruct } from "./import.ts";
import { indentJson } from "./indent.ts";
import { failed } from "./lists.ts";
import {
  ConfigObject,
  type ManifestContent,
  ManifestObject,
  ReferenceObject,
} from "./objects.ts";
import { REF } from "./reference.ts";
import { mayDo, openFor } from "./session.ts";
import {
  ARTIFACT,
  DESCRIPTOR,
  IMAGE,
  INDEX,
  SCHEMA1,
  type Struct,
} from "./shape.ts";

/** The type of what stands for a manifest in a call. */
export const MANIFEST_LIKE = "string|reference|manifest|imageconfig";

const PLATFORM_PARAMETER = {
  name: "platform",
  type: "string",
  optional: true,
  text: "Such as `linux/arm64`; this machine's where it is left out.",
};
const OF_REF = { name: "ref", type: REF, text: "The image." };

/** The functions and methods of manifests. */
export const MANIFEST: readonly Definition[] = [
  {
    name: "manifest.get",
    aliases: ["image.manifest"],
    text: "Reads the manifest of an image; of an index, that of one platform.",
    parameters: [OF_REF, PLATFORM_PARAMETER],
    results: [{ type: "manifest", text: "The manifest." }],
    run: getManifest,
  },
  {
    name: "manifest:get",
    text: "Reads the manifest again, under the reference it was found by.",
    parameters: [PLATFORM_PARAMETER],
    results: [{ type: "manifest", text: "The manifest." }],
    run: getManifest,
  },
  {
    name: "manifest.getList",
    aliases: ["image.manifestList"],
    text: "Reads a manifest as it is, an index too.",
    parameters: [OF_REF],
    results: [{ type: "manifest", text: "The manifest or the index." }],
    run: async (call) => [await read(call, call.reference(1), { list: true })],
  },
  {
    name: "manifest.head",
    aliases: ["image.manifestHead", "manifest:head"],
    text:
      "Asks for a manifest's digest and the rate limit alone, which is not counted as a pull.",
    parameters: [OF_REF],
    results: [{
      type: "manifest",
      text:
        "A manifest without content, for `descriptor`, `ratelimit`, `delete`, `get`.",
    }],
    run: async (call) => {
      const { session } = call;
      const ref = call.reference(1);
      session.log.debug("Retrieve manifest with head", {
        script: session.name,
        image: commonName(ref),
      });
      const object = await head(call, ref);
      return [call.objects.add(object, headFields(object))];
    },
  },
  {
    name: "manifest.descriptor",
    aliases: ["manifest:descriptor"],
    text: "Gives media type, digest and size of a manifest.",
    parameters: [{ name: "manifest", type: MANIFEST_LIKE, text: "Which." }],
    results: [{ type: "descriptor", text: "A table." }],
    run: async (call) => {
      const { descriptor } = await manifestLike(call, 1, "head");
      return [exportStruct({ ...descriptor }, DESCRIPTOR)];
    },
  },
  {
    name: "manifest.put",
    aliases: ["manifest:put"],
    text: "Stores a manifest under a reference.",
    parameters: [
      {
        name: "manifest",
        type: MANIFEST_LIKE,
        text: "Which; a name is read first, an index as it is.",
      },
      { name: "ref", type: REF, text: "Where it goes." },
    ],
    results: [],
    run: putManifest,
  },
  {
    name: "manifest:delete",
    text:
      "Deletes the manifest, with all tags that point at it. Of a platform's manifest, only that one.",
    parameters: [],
    results: [],
    run: deleteManifest,
  },
  {
    name: "manifest:export",
    text: "Makes a manifest out of the changed fields; it is not stored.",
    parameters: [],
    results: [{ type: "manifest", text: "With a digest of its own." }],
    fields: true,
    run: exportManifest,
  },
  {
    name: "manifest:ratelimit",
    text: "Gives the rate limit as it was told with the manifest.",
    parameters: [],
    results: [{
      type:
        "{ Set: boolean, Remain: integer, Limit: integer, Reset: integer, Policies: string[] }",
      text: "`Set` is false where no limit was told.",
    }],
    run: async (call) => {
      const { headers } = await manifestLike(call, 1, "head");
      const rate = rateLimitOf(headers);
      return [
        new HostStruct([
          [["Set"], rate.set],
          [["Remain"], rate.remain],
          [["Limit"], rate.limit],
          [["Reset"], rate.reset],
          [["Policies"], rate.policies],
        ]),
      ];
    },
  },
  {
    name: "manifest.__tostring",
    text: "The JSON, indented.",
    parameters: [],
    results: [{ type: "string", text: "JSON." }],
    hidden: true,
    local: true,
    run: (call) => {
      const object = call.object(1);
      if (object instanceof ManifestObject && object.content) {
        return [indentJson(new TextDecoder().decode(object.content.bytes))];
      }
      throw new RegError(
        "script",
        "Failed outputing manifest: manifest not set",
      );
    },
  },
];

async function getManifest(call: Call) {
  const platform = call.count === 2 ? call.text(2) : "";
  return [await read(call, call.reference(1), { platform })];
}

/** How a manifest is read. */
interface ReadOptions {
  /** Takes an index as it is. */
  readonly list?: boolean;
  /** Which manifest of an index; "" is this machine's. */
  readonly platform?: string;
}

async function read(call: Call, ref: Reference, options: ReadOptions) {
  const { session } = call;
  const { list = false, platform = "" } = options;
  session.log.debug("Retrieve manifest", {
    script: session.name,
    image: commonName(ref),
    list,
    platform,
  });
  const object = await fetchManifest(call, ref, options);
  return call.objects.add(object, fieldsOf(object));
}

/** Reads a manifest for a script. */
export async function fetchManifest(
  call: Call,
  ref: Reference,
  options: ReadOptions = {},
): Promise<ManifestObject> {
  const { session, signal } = call;
  const { list = false, platform = "" } = options;
  try {
    await using store = await openFor(session, ref, "read");
    const found = list
      ? await store.manifest(tagOrDigest(ref), { signal })
      : await resolveImage(store, tagOrDigest(ref), {
        platform: platformOf(call, platform),
        signal,
      });
    return manifestObject(ref, found);
  } catch (error) {
    throw failed(`Failed retrieving "${commonName(ref)}" manifest`, error);
  }
}

function platformOf(call: Call, text: string): Platform | undefined {
  if (text === "") return undefined;
  try {
    return parsePlatform(text);
  } catch (error) {
    if (!isRegError(error, "usage")) throw error;
    call.session.log.warn("Could not parse platform", {
      platform: text,
      err: messageOf(error),
    });
    return undefined;
  }
}

async function head(call: Call, ref: Reference): Promise<ManifestObject> {
  const { session, signal } = call;
  try {
    await using store = await openFor(session, ref, "read");
    const { headers, ...descriptor } = await store.resolve(tagOrDigest(ref), {
      signal,
    });
    return new ManifestObject({ ref, descriptor, headers });
  } catch (error) {
    throw failed(`Failed retrieving "${commonName(ref)}" manifest`, error);
  }
}

/** A manifest for a script, out of its bytes. */
export function manifestObject(
  ref: Reference,
  found: ManifestBytes,
): ManifestObject {
  const { bytes, descriptor, headers } = found;
  const json = parseJson(new TextDecoder().decode(bytes));
  return new ManifestObject({
    ref,
    descriptor,
    headers,
    content: {
      bytes,
      manifest: parseManifest(bytes, descriptor.mediaType),
      json: isJsonObject(json) ? json : {},
    },
  });
}

/** The manifest that an argument is or names. */
export async function manifestLike(
  call: Call,
  n: number,
  how: "head" | "list" | "image",
): Promise<ManifestObject> {
  const object = call.object(n);
  if (object instanceof ManifestObject) return object;
  if (object instanceof ConfigObject) return object.manifest;
  const named = object instanceof ReferenceObject ||
    call.value(n) instanceof Uint8Array;
  if (!named) throw new ArgumentError(n, "manifest expected");
  const ref = call.reference(n);
  return how === "head"
    ? await head(call, ref)
    : await fetchManifest(call, ref, { list: how === "list" });
}

/** The structure that a kind of manifest has. */
function shapeOf({ manifest }: ManifestContent): Struct {
  switch (manifest.kind) {
    case "image":
      return IMAGE;
    case "index":
      return INDEX;
    case "artifact":
      return ARTIFACT;
    case "schema1":
      return SCHEMA1;
  }
}

/** What a script sees of a manifest. */
function fieldsOf(object: ManifestObject): HostStruct | undefined {
  const { content } = object;
  if (!content) return undefined;
  const { json, manifest } = content;
  const fields = exportFields(json, shapeOf(content));
  const find = (name: string): HostValue =>
    fields.find(([names]) => names.includes(name))?.[1];
  const { mediaType } = manifest;
  const isDocker = mediaType.startsWith("application/vnd.docker.");
  return new HostStruct([
    ...fields.map((field): NamedField =>
      field[0].includes("mediaType") ? [field[0], mediaType] : field
    ),
    versioned(find("schemaVersion"), isDocker ? mediaType : undefined),
  ]);
}

/** The version, which Go embeds, with Docker's media type. */
function versioned(version: HostValue, mediaType?: string): NamedField {
  const fields: NamedField[] = [[["SchemaVersion", "schemaVersion"], version]];
  if (mediaType !== undefined) {
    fields.push([["MediaType", "mediaType"], mediaType]);
  }
  return [["Versioned"], new HostStruct(fields)];
}

/** What upstream's scripts see after a HEAD request: the content's outline, empty. */
function headFields(object: ManifestObject): HostStruct {
  const { mediaType } = object.descriptor;
  const [name, shape] = mediaType === MEDIA_TYPES.ociIndex
    ? ["Index", INDEX] as const
    : mediaType === MEDIA_TYPES.dockerList
    ? ["ManifestList", INDEX] as const
    : ["Manifest", IMAGE] as const;
  const isDocker = mediaType.startsWith("application/vnd.docker.");
  const outline = new HostStruct([
    ...exportFields({}, shape),
    versioned(0, isDocker ? "" : undefined),
  ]);
  return new HostStruct([[[name], outline]]);
}

async function putManifest(call: Call) {
  const { session, signal } = call;
  const object = await manifestLike(call, 1, "list");
  const ref = call.reference(2);
  session.log.debug("Put manifest", {
    script: session.name,
    image: commonName(ref),
    ...(session.dryRun ? { "dry-run": true } : {}),
  });
  try {
    const { content, descriptor } = object;
    if (!content) throw new RegError("script", "manifest not set");
    await mayDo(session, ref, "write");
    if (session.dryRun) return [];
    await using store = await openFor(session, ref, "write");
    const tag = ref.digest === "" ? tagOrDigest(ref) : undefined;
    if (ref.digest !== "" && ref.digest !== descriptor.digest) {
      throw new RegError(
        "mismatch",
        `manifest digest ${descriptor.digest} is not ${ref.digest}`,
      );
    }
    await store.putManifest(descriptor, content.bytes, { tag, signal });
  } catch (error) {
    throw failed("Failed to put manifest", error);
  }
  return [];
}

async function deleteManifest(call: Call) {
  const { session, signal } = call;
  const object = await manifestLike(call, 1, "head");
  const ref = object.ref.digest === ""
    ? addDigest(object.ref, object.descriptor.digest)
    : object.ref;
  const name = commonName(ref);
  session.log.info("Delete manifest", {
    script: session.name,
    image: name,
    "dry-run": session.dryRun,
  });
  try {
    await mayDo(session, ref, "delete");
    if (session.dryRun) return [];
    await using store = await openFor(session, ref, "delete");
    await deleteFrom(store, ref.digest, { signal });
  } catch (error) {
    throw failed(`Failed deleting "${name}"`, error);
  }
  return [];
}

const ENCODINGS = {
  [MEDIA_TYPES.ociManifest]: SHAPES.ociManifest,
  [MEDIA_TYPES.ociIndex]: SHAPES.ociIndex,
  [MEDIA_TYPES.dockerManifest]: SHAPES.dockerManifest,
  [MEDIA_TYPES.dockerList]: SHAPES.dockerList,
  [MEDIA_TYPES.ociArtifact]: SHAPES.ociArtifact,
} as const;

function exportManifest(call: Call) {
  const object = call.object(1);
  if (!(object instanceof ManifestObject) || !object.content) {
    throw new RegError("script", "Failed exporting manifest: manifest not set");
  }
  const { content, ref } = object;
  const { mediaType } = object.descriptor;
  const json = importStruct(call.fields(1), shapeOf(content), content.json);
  const shape = Object.entries(ENCODINGS).find(([type]) => type === mediaType);
  if (shape === undefined) {
    throw new RegError(
      "script",
      `Failed exporting manifest: unsupported media type: ${mediaType}`,
    );
  }
  const bytes = new TextEncoder().encode(encodeGo(json, shape[1]));
  const made = manifestObject(ref, describeManifest(bytes, mediaType));
  return [call.objects.add(made, fieldsOf(made))];
}
