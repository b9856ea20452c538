/**
 * The tree of a manifest, its children and its referrers, as templates see it.
 *
 * @module
 */
import {
  pointerTo,
  sliceOf,
  STRING,
  structType,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { Platform } from "../registry/core.ts";
import { formatPlatform } from "../registry/platform.ts";
import { commonName, type Reference } from "../registry/reference.ts";
import { jsonField, prettyMethod } from "./declare.ts";
import { MANIFEST, manifestView } from "./manifest.ts";
import { type ManifestSource } from "./manifest_host.ts";
import { PLATFORM } from "./platform.ts";
import { REF } from "./reference.ts";

/** A node of the tree. */
export interface TreeNode {
  /** Where it is. */
  readonly reference: Reference;
  /** The manifest. */
  readonly manifest: ManifestSource;
  /** What it runs on, by its parent. */
  readonly platform?: Platform | undefined;
  /** What it is, by its parent. */
  readonly artifactType?: string | undefined;
  /** The entries of an index. */
  readonly children?: readonly TreeNode[] | undefined;
  /** What refers to it. */
  readonly referrers?: readonly TreeNode[] | undefined;
  /** Where the referrers are, if elsewhere. */
  readonly referrerSource?: Reference | undefined;
}

function isNode(data: unknown): data is TreeNode {
  return typeof data === "object" && data !== null && "reference" in data &&
    "manifest" in data;
}

const read = (pick: (node: TreeNode) => unknown) => (host: unknown) =>
  isNode(host) ? pick(host) : undefined;

/** `main.treeResult`. */
export const TREE: Type = structType("main.treeResult", {
  fields: () => [
    jsonField("Ref", REF, { json: "reference" }),
    {
      name: "Manifest",
      type: MANIFEST,
      json: "manifest",
      get: read(({ manifest, reference }) =>
        manifestView(manifest, { reference })
      ),
    },
    jsonField("Platform", pointerTo(PLATFORM), { json: "platform,omitempty" }),
    jsonField("ArtifactType", STRING, { json: "artifactType,omitempty" }),
    {
      name: "Child",
      type: sliceOf(pointerTo(TREE)),
      json: "child,omitempty",
      get: read(({ children }) => children),
    },
    {
      name: "Referrer",
      type: sliceOf(pointerTo(TREE)),
      json: "referrer,omitempty",
      get: read(({ referrers }) => referrers),
    },
    jsonField("ReferrerSrc", REF, { json: "referrerSource" }),
  ],
  methods: () => [
    prettyMethod(({ data }) => isNode(data) ? treeText(data) : "", {
      pointer: true,
    }),
  ],
});

function treeText(node: TreeNode): string {
  return `Ref: ${commonName(node.reference)}\nDigest: ${nodeText(node, "")}`;
}

function nodeText(node: TreeNode, indent: string): string {
  const { reference, manifest, platform, artifactType = "" } = node;
  const shown = platform === undefined ? "" : ` [${formatPlatform(platform)}]`;
  const isDigestTag = artifactType === "" &&
    reference.tag.startsWith("sha256-");
  const kind = isDigestTag ? reference.tag : artifactType;
  const list = (heading: string, nodes: readonly TreeNode[] = []) =>
    nodes.length === 0 ? "" : [
      `${indent}${heading}:\n`,
      ...nodes.map((each) => `${indent}  - ${nodeText(each, `${indent}    `)}`),
    ].join("");
  return `${manifest.descriptor.digest}${shown}${
    kind === "" ? "" : `: ${kind}`
  }\n${list("Children", node.children)}${list("Referrers", node.referrers)}`;
}

/** A tree as templates see it. */
export function treeView(node: TreeNode): Value {
  return wrap(pointerTo(TREE), node);
}
