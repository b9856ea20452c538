/**
 * The Go types of manifests: what each kind has as fields.
 *
 * @module
 */
import {
  INT,
  pointerTo,
  sliceOf,
  STRING,
  structType,
  type Type,
} from "../template/mod.ts";
import { BYTES, jsonField, readKey } from "./declare.ts";
import { ANNOTATIONS, DESCRIPTOR } from "./descriptor.ts";
import { DIGEST } from "./digest.ts";

/** A struct whose own fields are read from the same object. */
const embedded = (name: string, type: Type) => ({
  name,
  type,
  embedded: true,
  get: (host: unknown) => host,
});

const OCI_VERSIONED = structType("oci.Versioned", {
  fields: () => [jsonField("SchemaVersion", INT, { json: "schemaVersion" })],
});
const DOCKER_VERSIONED = structType("docker.Versioned", {
  fields: () => [
    jsonField("SchemaVersion", INT, { json: "schemaVersion" }),
    jsonField("MediaType", STRING, { json: "mediaType,omitempty" }),
  ],
});

const MEDIA_TYPE = jsonField("MediaType", STRING, {
  json: "mediaType,omitempty",
});
const ARTIFACT_TYPE = jsonField("ArtifactType", STRING, {
  json: "artifactType,omitempty",
});
const CONFIG = jsonField("Config", DESCRIPTOR, { json: "config" });
const LAYERS = jsonField("Layers", sliceOf(DESCRIPTOR), { json: "layers" });
const MANIFESTS = jsonField("Manifests", sliceOf(DESCRIPTOR), {
  json: "manifests",
});
const SUBJECT = jsonField("Subject", pointerTo(DESCRIPTOR), {
  json: "subject,omitempty",
});
const NOTES = jsonField("Annotations", ANNOTATIONS, {
  json: "annotations,omitempty",
});

/** `v1.Manifest`. */
export const OCI_MANIFEST: Type = structType("v1.Manifest", {
  fields: () => [
    embedded("Versioned", OCI_VERSIONED),
    MEDIA_TYPE,
    ARTIFACT_TYPE,
    CONFIG,
    LAYERS,
    SUBJECT,
    NOTES,
  ],
});

/** `v1.Index`. */
export const OCI_INDEX: Type = structType("v1.Index", {
  fields: () => [
    embedded("Versioned", OCI_VERSIONED),
    MEDIA_TYPE,
    ARTIFACT_TYPE,
    MANIFESTS,
    SUBJECT,
    NOTES,
  ],
});

/** `v1.ArtifactManifest`. */
export const OCI_ARTIFACT: Type = structType("v1.ArtifactManifest", {
  fields: () => [
    jsonField("MediaType", STRING, { json: "mediaType" }),
    ARTIFACT_TYPE,
    jsonField("Blobs", sliceOf(DESCRIPTOR), { json: "blobs,omitempty" }),
    SUBJECT,
    NOTES,
  ],
});

/** `schema2.Manifest`. */
export const DOCKER_MANIFEST: Type = structType("schema2.Manifest", {
  fields: () => [
    embedded("Versioned", DOCKER_VERSIONED),
    CONFIG,
    LAYERS,
    NOTES,
  ],
});

/** `schema2.ManifestList`. */
export const DOCKER_LIST: Type = structType("schema2.ManifestList", {
  fields: () => [embedded("Versioned", DOCKER_VERSIONED), MANIFESTS, NOTES],
});

const FS_LAYER = structType("schema1.FSLayer", {
  fields: () => [jsonField("BlobSum", DIGEST, { json: "blobSum" })],
});
const V1_HISTORY = structType("schema1.History", {
  fields: () => [
    jsonField("V1Compatibility", STRING, { json: "v1Compatibility" }),
  ],
});

/** `schema1.Manifest`. */
export const SCHEMA_1: Type = structType("schema1.Manifest", {
  fields: () => [
    embedded("Versioned", DOCKER_VERSIONED),
    jsonField("Name", STRING, { json: "name" }),
    jsonField("Tag", STRING, { json: "tag" }),
    jsonField("Architecture", STRING, { json: "architecture" }),
    jsonField("FSLayers", sliceOf(FS_LAYER), { json: "fsLayers" }),
    jsonField("History", sliceOf(V1_HISTORY), { json: "history" }),
  ],
});

/** `schema1.SignedManifest`. */
export const SCHEMA_1_SIGNED: Type = structType("schema1.SignedManifest", {
  fields: () => [
    embedded("Manifest", SCHEMA_1),
    {
      name: "Canonical",
      type: BYTES,
      json: "-",
      get: (host) => readKey(host, "$canonical"),
    },
    { name: "all", type: BYTES, unexported: true },
  ],
});
