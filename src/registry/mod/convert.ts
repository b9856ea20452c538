/**
 * Modifications between Docker's media types and OCI's.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { JsonObject } from "../go_json.ts";
import { MEDIA_TYPES as M } from "../media_types.ts";
import type { Modification } from "./modification.ts";
import {
  changeManifest,
  isIndexNode,
  type LayerNode,
  type ManifestNode,
  objectIn,
  objectsIn,
  textIn,
  withKeys,
  withoutKey,
} from "./tree.ts";

/** OCI's type of a layer, and Docker's for the same. */
const LAYERS: readonly (readonly [oci: string, docker: string])[] = [
  [M.ociLayer, M.dockerLayer],
  [M.ociLayerGzip, M.dockerLayerGzip],
  [M.ociLayerZstd, M.dockerLayerZstd],
  [M.ociForeignGzip, M.dockerForeignGzip],
];

const TO_DOCKER: ReadonlyMap<string, string> = new Map(LAYERS);
const TO_OCI: ReadonlyMap<string, string> = new Map(
  LAYERS.map(([oci, docker]) => [docker, oci]),
);

/** Gives manifests, configs and layers Docker's media types. */
export function toDocker(): Modification {
  return {
    manifest(node) {
      if (isIndexNode(node)) {
        if (node.mediaType === M.dockerList) return;
        const json = withoutKey(
          withoutKey(node.json, "subject"),
          "artifactType",
        );
        return setType(node, M.dockerList, json);
      }
      if (textIn(node.json, "artifactType") !== "") {
        throw new RegError(
          "unsupported",
          `unable to convert artifactType to docker manifest: unsupported media type`,
        );
      }
      convertImage(node, M.dockerManifest, TO_DOCKER, [
        M.ociConfig,
        M.dockerConfig,
      ]);
    },
  };
}

/** Gives manifests, configs and layers OCI's media types. */
export function toOci(): Modification {
  return {
    manifest(node) {
      if (isIndexNode(node)) {
        if (node.mediaType !== M.ociIndex) setType(node, M.ociIndex, node.json);
        return;
      }
      convertImage(node, M.ociManifest, TO_OCI, [M.dockerConfig, M.ociConfig]);
    },
  };
}

function convertImage(
  node: ManifestNode,
  mediaType: string,
  layerTypes: ReadonlyMap<string, string>,
  [configFrom, configTo]: readonly [string, string],
): void {
  const config = objectIn(node.json, "config");
  const isConfigOther = textIn(config, "mediaType") === configFrom;
  const entries = objectsIn(node.json, "layers");
  const layers = entries.map((entry) => convertEntry(entry, layerTypes));
  const areLayersSame = layers.every((entry, at) => entry === entries[at]);
  if (node.mediaType === mediaType && !isConfigOther && areLayersSame) return;
  for (const layer of node.layers) {
    layer.entry = convertEntry(layer.entry, layerTypes);
  }
  const json = mediaType === M.dockerManifest
    ? withoutKey(node.json, "subject")
    : node.json;
  setType(
    node,
    mediaType,
    withKeys(json, {
      config: isConfigOther
        ? withKeys(config, { mediaType: configTo })
        : config,
      ...(layers.length > 0 ? { layers } : {}),
    }),
  );
}

function convertEntry(
  entry: JsonObject,
  types: ReadonlyMap<string, string>,
): JsonObject {
  const mediaType = types.get(textIn(entry, "mediaType"));
  return mediaType === undefined ? entry : withKeys(entry, { mediaType });
}

function setType(
  node: ManifestNode,
  mediaType: string,
  json: JsonObject,
): void {
  node.mediaType = mediaType;
  changeManifest(node, withKeys(json, { mediaType }));
}

/** Types of layers that live elsewhere, and of the same layers at home. */
const HOME_TYPES: ReadonlyMap<string, string> = new Map([
  [M.dockerForeignGzip, M.dockerLayerGzip],
  [M.ociForeign, M.ociLayer],
  [M.ociForeignGzip, M.ociLayerGzip],
  [M.ociForeignZstd, M.ociLayerZstd],
]);

/** Makes layers that live elsewhere usual ones. */
export function removeExternalUrls(): Modification {
  return {
    manifest(node) {
      const bringHome = (entry: JsonObject) =>
        hasUrls(entry)
          ? convertEntry(withoutKey(entry, "urls"), HOME_TYPES)
          : entry;
      const entries = objectsIn(node.json, "layers");
      if (isIndexNode(node) || !entries.some(hasUrls)) return;
      for (const layer of node.layers) layer.entry = bringHome(layer.entry);
      const layers = entries.map(bringHome);
      changeManifest(node, withKeys(node.json, { layers }));
    },
  };
}

/** Tells whether an entry says that its bytes live elsewhere. */
export function hasUrls(entry: JsonObject): boolean {
  return Array.isArray(entry["urls"]) && entry["urls"].length > 0;
}

/** The type of a layer with another compression, of the same family. */
export function packedType(
  layer: LayerNode,
  compression: "none" | "gzip" | "zstd",
): string | undefined {
  const own = textIn(layer.entry, "mediaType");
  const families = [
    { none: M.ociLayer, gzip: M.ociLayerGzip, zstd: M.ociLayerZstd },
    { none: M.dockerLayer, gzip: M.dockerLayerGzip, zstd: M.dockerLayerZstd },
  ];
  const family = families.find((types) =>
    Object.values<string>(types).includes(own)
  );
  return family?.[compression];
}
