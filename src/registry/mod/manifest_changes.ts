/**
 * Modifications of manifests: annotations, digests, attestations.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { JsonObject } from "../go_json.ts";
import {
  isForConfig,
  type Modification,
  parseForPlatforms,
} from "./modification.ts";
import {
  changeManifest,
  isIndexNode,
  type ManifestNode,
  objectIn,
  objectsIn,
  textIn,
  withKeys,
  withoutKey,
} from "./tree.ts";

/** The annotation that names an image's base. */
export const BASE_NAME = "org.opencontainers.image.base.name";
/** The annotation with the digest of an image's base. */
export const BASE_DIGEST = "org.opencontainers.image.base.digest";

/**
 * Sets an annotation; an empty value removes it. Without platforms, all
 * manifests get it, indexes too.
 *
 * @param nameText The name; before it may be platforms in brackets.
 */
export function setAnnotation(nameText: string, value: string): Modification {
  const { value: name, platforms } = parseForPlatforms(nameText);
  return {
    manifest(node) {
      if (platforms.length > 0 && isIndexNode(node)) return;
      if (!isForConfig(platforms, node.config)) return;
      annotate(node, { [name]: value });
    },
  };
}

/** Names the base image in all manifests. */
export function setBaseAnnotations(name: string, digest: string): Modification {
  return {
    manifest: (node) =>
      annotate(node, { [BASE_NAME]: name, [BASE_DIGEST]: digest }),
  };
}

/** Copies the annotations that all children of an index share to the index. */
export function promoteAnnotations(): Modification {
  return {
    manifest(node) {
      if (!isIndexNode(node)) return;
      const [first, ...others] = node.children
        .filter((child) => child.fate !== "deleted")
        .map(annotationsOf);
      const common = Object.entries(first ?? {}).filter(([key, value]) =>
        others.every((other) => other[key] === value)
      );
      annotate(node, Object.fromEntries(common));
    },
  };
}

/** Copies the labels of an image's config to its manifest. */
export function labelsToAnnotations(): Modification {
  return {
    manifest(node) {
      if (isIndexNode(node) || node.config === undefined) return;
      annotate(node, objectIn(objectIn(node.config.json, "config"), "Labels"));
    },
  };
}

function annotationsOf(node: ManifestNode): JsonObject {
  return objectIn(node.json, "annotations");
}

/** Sets annotations; an empty value removes one. */
function annotate(node: ManifestNode, changes: JsonObject): void {
  const own = annotationsOf(node);
  const differing = Object.entries(changes).filter(([key, value]) =>
    value === "" ? Object.hasOwn(own, key) : own[key] !== value
  );
  if (differing.length === 0) return;
  const annotations = differing.reduce(
    (all, [key, value]) =>
      value === ""
        ? withoutKey(all, key)
        : Object.fromEntries([...Object.entries(all), [key, value]]),
    own,
  );
  changeManifest(node, withKeys(node.json, { annotations }));
}

/** Gives manifests digests of another algorithm. */
export function changeManifestAlgorithm(algorithm: string): Modification {
  return {
    manifest(node) {
      if (node.algorithm === algorithm) return;
      node.algorithm = algorithm;
      changeManifest(node, node.json);
    },
  };
}

/** The annotations by which Docker's builder ties attestations to images. */
export const DOCKER_REFERENCE = {
  type: "vnd.docker.reference.type",
  digest: "vnd.docker.reference.digest",
} as const;

/** Makes the attestations in an index referrers of the images they are about. */
export function toOciReferrers(): Modification {
  return {
    manifest(node) {
      if (!isIndexNode(node)) return;
      const byDigest = new Map<string, ManifestNode>(
        [node, ...node.children].map((one) => [one.original.digest, one]),
      );
      const entries = objectsIn(node.json, "manifests");
      for (const [at, child] of node.children.entries()) {
        const annotations = objectIn(entries[at] ?? {}, "annotations");
        const type = textIn(annotations, DOCKER_REFERENCE.type);
        const digest = textIn(annotations, DOCKER_REFERENCE.digest);
        if (child.fate === "deleted" || type === "" || digest === "") continue;
        const subject = byDigest.get(digest);
        if (subject === undefined) {
          throw new RegError(
            "not_found",
            `could not find digest, convert referrers before other mod actions, digest=${digest}`,
          );
        }
        refer(child, subject, type);
        child.fate = "deleted";
        if (node.fate === "kept") node.fate = "replaced";
      }
    },
  };
}

function refer(child: ManifestNode, subject: ManifestNode, type: string): void {
  const referrer = { ...child, fate: "added" as const };
  const own = textIn(objectIn(child.json, "subject"), "digest");
  // Newer attestations name their subject themselves.
  if (own !== subject.original.digest) {
    annotate(referrer, { [DOCKER_REFERENCE.type]: type });
  }
  subject.referrers.push(referrer);
}
