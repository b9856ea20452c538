/**
 * Configs, layers and sizes of manifests.
 *
 * @module
 */
import { INT64, type Method, sliceOf } from "../template/mod.ts";
import { field, getter } from "./declare.ts";
import { DESCRIPTOR, descriptorsOf } from "./descriptor.ts";
import { DIGEST } from "./digest.ts";
import { bodyOf, hostOf } from "./manifest_host.ts";
import { bodyView, type Kind, part, refused } from "./manifest_kinds.ts";
import { OCI_ARTIFACT, SCHEMA_1, SCHEMA_1_SIGNED } from "./manifest_types.ts";

/** The methods that give config, layers and sizes, or refuse to. */
export function contentMethods(kind: Kind): readonly Method[] {
  const { answers } = kind;
  const list = sliceOf(DESCRIPTOR);
  const layers = kind.body === OCI_ARTIFACT ? "Blobs" : "Layers";
  const methods = answers.includes("config")
    ? [
      part("GetConfig", DESCRIPTOR, kind, "Config"),
      getter("GetConfigDigest", DIGEST, {
        pointer: true,
        fails: true,
        read: (receiver) => {
          bodyOf(hostOf(receiver));
          return field(field(bodyView(kind, receiver), "Config"), "Digest");
        },
      }),
    ]
    : [
      refused("GetConfig", DESCRIPTOR, "config digest"),
      refused("GetConfigDigest", DIGEST, "config digest"),
    ];
  if (kind.body === SCHEMA_1 || kind.body === SCHEMA_1_SIGNED) {
    methods.push(
      schema1Layers(kind),
      refused("GetSize", INT64, "GetSize is"),
    );
  } else if (answers.includes("layers")) {
    methods.push(part("GetLayers", list, kind, layers));
  } else methods.push(refused("GetLayers", list, "layers are"));
  if (answers.includes("size")) methods.push(totalSize(kind, layers));
  return methods;
}

function schema1Layers(kind: Kind): Method {
  return getter("GetLayers", sliceOf(DESCRIPTOR), {
    pointer: true,
    fails: true,
    read: (receiver) => {
      bodyOf(hostOf(receiver));
      return descriptorsOf(field(bodyView(kind, receiver), "FSLayers")).map(
        (layer) => ({ digest: field(layer, "BlobSum").string }),
      );
    },
  });
}

function totalSize(kind: Kind, layers: string): Method {
  return getter("GetSize", INT64, {
    pointer: true,
    fails: true,
    read: (receiver) => {
      bodyOf(hostOf(receiver));
      return descriptorsOf(field(bodyView(kind, receiver), layers))
        .reduce((sum, layer) => sum + field(layer, "Size").int, 0n);
    },
  });
}
