/**
 * `regsync schema`.
 *
 * @module
 */
import { defineCommand } from "./define.ts";

/** Prints the JSON Schema of the file, or of the report. */
export const schema = defineCommand({
  name: "schema",
  summary: "Show the JSON Schema of the config",
  description:
    "Show the JSON Schema of the configuration file, for editors, or of the report that --output json prints.",
  examples: [
    { about: "write the schema", line: "regsync schema > regsync.schema.json" },
  ],
  needs: [],
  args: [],
  flags: {
    report: { kind: "switch", summary: "Show the schema of the report" },
  },
  async run(io, { flags }) {
    const { jsonSchemaOf } = await import("../../config/json_schema.ts");
    const { file } = await import("../../config/regsync_schema.ts");
    const { REPORT_SCHEMA } = await import("./report.ts");
    await io.stdout.write(
      flags.report
        ? `${JSON.stringify(REPORT_SCHEMA, null, 2)}\n`
        : jsonSchemaOf(file, "regsync configuration"),
    );
  },
});
