/**
 * Configs of images.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { Descriptor } from "../../registry/core.ts";
import { digestOf } from "../../registry/digest.ts";
import {
  encodeGo,
  isJsonObject,
  parseJson,
  SHAPES,
} from "../../registry/go_json.ts";
import { readBlob } from "../../registry/image.ts";
import { MEDIA_TYPES } from "../../registry/media_types.ts";
import { commonName } from "../../registry/reference.ts";
import { HostStruct, LuaTable, type LuaValue } from "../codec.ts";
import type { Call } from "./call.ts";
import type { Definition } from "./definition.ts";
import { exportFields, exportStruct, type NamedField } from "./export.ts";
import { throttled } from "./gate.ts";
import { importStruct } from "./import.ts";
import { indentJson } from "./indent.ts";
import { failed } from "./lists.ts";
import { MANIFEST_LIKE, manifestLike } from "./manifest.ts";
import { ConfigObject, type ManifestObject } from "./objects.ts";
import { openFor } from "./session.ts";
import { CONFIG, PLATFORM } from "./shape.ts";

/** The functions and methods of configs. */
export const IMAGE_CONFIG: readonly Definition[] = [
  {
    name: "image.config",
    text: "Reads the config of an image; of an index, this machine's.",
    parameters: [{ name: "image", type: MANIFEST_LIKE, text: "Which." }],
    results: [{ type: "imageconfig", text: "The config." }],
    run: getConfig,
  },
  {
    name: "manifest:config",
    text:
      "Reads the config of the image. The field of the same name is its descriptor.",
    parameters: [],
    results: [{ type: "imageconfig", text: "The config." }],
    run: getConfig,
  },
  {
    name: "imageconfig:export",
    text: "Makes a config out of the changed fields; it is not stored.",
    parameters: [],
    results: [{ type: "imageconfig", text: "For `blob.put`." }],
    fields: true,
    run: exportConfig,
  },
  {
    name: "imageconfig.__tostring",
    text: "The JSON, indented.",
    parameters: [],
    results: [{ type: "string", text: "JSON." }],
    hidden: true,
    local: true,
    run: (call) => {
      const object = call.object(1);
      if (!(object instanceof ConfigObject)) throw call.wrong(1, "config");
      return [indentJson(new TextDecoder().decode(object.bytes))];
    },
  },
];

async function getConfig(call: Call) {
  const { session, signal } = call;
  const manifest = await manifestLike(call, 1, "image");
  using _slot = await throttled(call);
  const name = commonName(manifest.ref);
  session.log.debug("Retrieve image config", {
    script: session.name,
    image: name,
  });
  const descriptor = configOf(manifest, name);
  try {
    await using store = await openFor(session, manifest.ref, "read");
    const bytes = await readBlob(store, descriptor, { signal });
    const config = configObject(manifest, bytes, descriptor);
    return [call.objects.add(config, fieldsOf(config))];
  } catch (error) {
    throw failed(`Failed retrieving "${name}" config`, error);
  }
}

function configOf(object: ManifestObject, name: string): Descriptor {
  const { content } = object;
  if (!content) {
    throw new RegError(
      "script",
      `Failed looking up "${name}" config digest: manifest not set`,
    );
  }
  if (content.manifest.kind !== "image") {
    throw new RegError(
      "script",
      "Image methods are not available for manifest",
    );
  }
  return content.manifest.config;
}

function configObject(
  manifest: ManifestObject,
  bytes: Uint8Array,
  descriptor: Descriptor,
): ConfigObject {
  const json = parseJson(new TextDecoder().decode(bytes));
  if (!isJsonObject(json)) {
    throw new RegError("invalid", "config is no JSON object");
  }
  return new ConfigObject(manifest, { bytes, descriptor, json });
}

/** What a script sees of a config: the platform's fields both embedded and beside the others. */
function fieldsOf({ json }: ConfigObject): HostStruct {
  const platform = exportStruct(json, PLATFORM);
  const aliases = platform.fields.map(([names, value]): NamedField => // `OS` and the like are within `Platform` alone.
  [names.slice(-1), value]);
  return new HostStruct([
    ...exportFields(json, CONFIG),
    [["Platform"], platform],
    ...aliases,
  ]);
}

function exportConfig(call: Call) {
  const object = call.object(1);
  if (!(object instanceof ConfigObject)) throw call.wrong(1, "config");
  const fields = call.fields(1);
  const { manifest, json, descriptor } = object;
  const changed = importStruct(fields, CONFIG, json);
  const whole = importStruct(platformIn(fields), PLATFORM, changed);
  const bytes = new TextEncoder().encode(encodeGo(whole, SHAPES.imageConfig));
  const made = configObject(manifest, bytes, {
    mediaType: descriptor.mediaType || MEDIA_TYPES.ociConfig,
    digest: digestOf(bytes),
    size: bytes.length,
  });
  return [call.objects.add(made, fieldsOf(made))];
}

/** The platform as the script left it. */
function platformIn(fields: LuaValue): LuaValue {
  return fields instanceof LuaTable ? fields.fields.get("Platform") : undefined;
}
