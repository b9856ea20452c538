/**
 * regctl: the commands for registries, repositories, tags and images.
 *
 * @module
 */
import type { Tool } from "../../cli/command.ts";
import { cliDoc } from "./cli_doc.ts";
import { GLOBALS } from "./define.ts";
import { lazyGroups } from "./groups.ts";
import { serve } from "./serve.ts";
import { digest, ref } from "./values.ts";
import { version } from "./version.ts";

/** The tool. */
export const regctl: Tool = {
  name: "regctl",
  summary: "looks at, copies and changes images in registries",
  description: "Utility for accessing container registries",
  globals: GLOBALS,
  errors: "explained",
  complete: async (request) =>
    await (await import("./completer.ts")).complete(request),
  advise: async (error, call) =>
    (await import("./advice.ts")).advise(error, call),
  load: () =>
    Promise.resolve([...lazyGroups, cliDoc, digest, ref, serve, version]),
};
