/**
 * regbot: runs scripts in Lua against registries, by a file.
 *
 * A command loads what it works with when it runs: help and completion load none
 * of it.
 *
 * @module
 */
import type { Tool } from "../../cli/command.ts";
import { check } from "./check.ts";
import { GLOBALS } from "./define.ts";
import { once } from "./once.ts";
import { run } from "./run.ts";
import { schema } from "./schema.ts";
import { server } from "./server.ts";
import { types } from "./types.ts";
import { version } from "./version.ts";

/** The tool. */
export const regbot: Tool = {
  name: "regbot",
  summary: "runs scripts in Lua against registries",
  description: "Utility for automating repository actions",
  globals: GLOBALS,
  errors: "raw",
  load: () =>
    Promise.resolve([check, once, run, schema, server, types, version]),
};
