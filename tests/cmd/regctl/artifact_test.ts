import { deepStrictEqual } from "node:assert/strict";
import { artifactCommands } from "../../../src/cmd/regctl/artifact.ts";

Deno.test("artifact has upstream's commands and aliases", () => {
  deepStrictEqual(
    artifactCommands.map(({ name, aliases = [] }) => [name, ...aliases]),
    [["get", "pull"], ["list", "ls"], ["put", "create", "push"], ["tree"]],
  );
});
