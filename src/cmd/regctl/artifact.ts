/**
 * `regctl artifact`.
 *
 * @module
 */
import type { Node } from "../../cli/command.ts";
import { get } from "./artifact_get.ts";
import { list, tree } from "./artifact_list.ts";
import { put } from "./artifact_put.ts";

/** The commands for artifacts. */
export const artifactCommands: readonly Node[] = [get, list, put, tree];
