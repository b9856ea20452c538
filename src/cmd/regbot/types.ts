/**
 * `regbot types`.
 *
 * @module
 */
import { defineCommand } from "./define.ts";

/** Writes the definitions that editors complete and check scripts with. */
export const types = defineCommand({
  name: "types",
  summary: "Write a definition file of the Lua interface",
  description:
    "Writes a LuaLS definition file to the standard output, with which editors complete and check scripts.",
  examples: [
    { about: "write the file", line: "regbot types > regbot.d.lua" },
  ],
  needs: [],
  args: [],
  flags: {
    markdown: { kind: "switch", summary: "Write the documentation instead" },
  },
  async run(io, { flags }) {
    const { interfacePage, luaTypes } = await import("../../lua/api/types.ts");
    await io.stdout.write(flags.markdown ? interfacePage() : luaTypes());
  },
});
