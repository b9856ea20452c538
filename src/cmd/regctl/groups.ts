/**
 * The groups of commands, each loaded when the command line names it.
 *
 * @module
 */
import type { GroupNode } from "../../cli/command.ts";

/** The groups, in the order of the help. */
export const lazyGroups: readonly GroupNode[] = [
  {
    name: "artifact",
    summary: "manage artifacts",
    load: async () => (await import("./artifact.ts")).artifactCommands,
  },
  {
    name: "blob",
    aliases: ["layer"],
    summary: "manage image blobs/layers",
    load: async () => (await import("./blob.ts")).blobCommands,
  },
  {
    name: "config",
    summary: "get/set configuration options",
    load: async () => (await import("./config.ts")).configCommands,
  },
  {
    name: "image",
    summary: "manage images",
    load: async () => (await import("./image/mod.ts")).imageCommands,
  },
  {
    name: "index",
    summary: "manage manifest lists and OCI index",
    load: async () => (await import("./image_index.ts")).indexCommands,
  },
  {
    name: "manifest",
    summary: "manage manifests",
    load: async () => (await import("./manifest.ts")).manifestCommands,
  },
  {
    name: "registry",
    summary: "manage registries",
    load: async () => (await import("./registry.ts")).registryCommands,
  },
  {
    name: "repo",
    summary: "manage repositories",
    load: async () => (await import("./repo.ts")).repoCommands,
  },
  {
    name: "tag",
    summary: "manage tags",
    load: async () => (await import("./tag.ts")).tagCommands,
  },
];
