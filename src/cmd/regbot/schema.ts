/**
 * `regbot schema`.
 *
 * @module
 */
import { defineCommand } from "./define.ts";

/** Prints the JSON Schema of the file. */
export const schema = defineCommand({
  name: "schema",
  summary: "Show the JSON Schema of the config",
  description: "Show the JSON Schema of the configuration file, for editors.",
  examples: [
    { about: "write the schema", line: "regbot schema > regbot.schema.json" },
  ],
  needs: [],
  args: [],
  flags: {},
  async run(io) {
    const { jsonSchemaOf } = await import("../../config/json_schema.ts");
    const { regbotFile } = await import("../../config/regbot.ts");
    await io.stdout.write(jsonSchemaOf(regbotFile, "regbot configuration"));
  },
});
