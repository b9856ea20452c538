/**
 * The kinds of manifests, and what they answer.
 *
 * @module
 */
import { MEDIA_TYPES } from "../registry/media_types.ts";
import {
  GoError,
  type Method,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import { field, getter } from "./declare.ts";
import { bodyOf, hosted, hostOf, mediaTypeOf } from "./manifest_host.ts";
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  OCI_ARTIFACT,
  OCI_INDEX,
  OCI_MANIFEST,
  SCHEMA_1,
  SCHEMA_1_SIGNED,
} from "./manifest_types.ts";

/** What a kind of manifest can answer; it refuses the rest. */
type Answers = "config" | "layers" | "manifests" | "notes" | "subject" | "size";

/** A kind of manifest. */
export interface Kind {
  /** The name of the Go type in package manifest. */
  readonly name: string;
  /** The embedded struct. */
  readonly body: Type;
  /** The name of the embedded struct as a field. */
  readonly field: string;
  /** What it answers. */
  readonly answers: readonly Answers[];
}

const IMAGE = ["config", "layers", "notes", "size"] as const;

/** The kinds by media type. */
export const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  [MEDIA_TYPES.ociManifest, {
    name: "oci1Manifest",
    body: OCI_MANIFEST,
    field: "Manifest",
    answers: [...IMAGE, "subject"],
  }],
  [MEDIA_TYPES.ociIndex, {
    name: "oci1Index",
    body: OCI_INDEX,
    field: "Index",
    answers: ["manifests", "notes", "subject"],
  }],
  [MEDIA_TYPES.ociArtifact, {
    name: "oci1Artifact",
    body: OCI_ARTIFACT,
    field: "ArtifactManifest",
    answers: ["layers", "notes", "subject", "size"],
  }],
  [MEDIA_TYPES.dockerManifest, {
    name: "docker2Manifest",
    body: DOCKER_MANIFEST,
    field: "Manifest",
    answers: IMAGE,
  }],
  [MEDIA_TYPES.dockerList, {
    name: "docker2ManifestList",
    body: DOCKER_LIST,
    field: "ManifestList",
    answers: ["manifests", "notes"],
  }],
  [MEDIA_TYPES.dockerV1, {
    name: "docker1Manifest",
    body: SCHEMA_1,
    field: "Manifest",
    answers: ["layers"],
  }],
  [MEDIA_TYPES.dockerV1Signed, {
    name: "docker1SignedManifest",
    body: SCHEMA_1_SIGNED,
    field: "SignedManifest",
    answers: ["layers"],
  }],
]);

/** The embedded struct of a manifest. */
export function bodyView(kind: Kind, receiver: Value): Value {
  return wrap(kind.body, hostOf(receiver).json);
}

/** Declares a method that gives a field, once the manifest is there. */
export function part(
  name: string,
  result: Type,
  ...[kind, from]: readonly [kind: Kind, from: string]
): Method {
  return getter(name, result, {
    pointer: true,
    fails: true,
    read: (receiver) => {
      bodyOf(hostOf(receiver));
      return field(bodyView(kind, receiver), from);
    },
  });
}

/** Declares a method that this kind refuses. */
export function refused(name: string, result: Type, what: string): Method {
  return hosted(name, result, {
    fails: true,
    read: (host) => {
      throw new GoError(
        `${what} not available for media type ${mediaTypeOf(host)}`,
      );
    },
  });
}
