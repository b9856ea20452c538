/**
 * regsync: keeps repositories in sync with others, by a file.
 *
 * A command loads what it works with when it runs: help and completion load none
 * of it.
 *
 * @module
 */
import type { Tool } from "../../cli/command.ts";
import { check } from "./check.ts";
import { config } from "./config.ts";
import { GLOBALS } from "./define.ts";
import { once } from "./once.ts";
import { schema } from "./schema.ts";
import { server } from "./server.ts";
import { version } from "./version.ts";

/** The tool. */
export const regsync: Tool = {
  name: "regsync",
  summary: "keeps repositories in sync with others, by a file",
  description: "Utility for mirroring container repositories",
  globals: GLOBALS,
  errors: "raw",
  load: () => Promise.resolve([check, config, once, schema, server, version]),
};
