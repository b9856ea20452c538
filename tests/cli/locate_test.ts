import { deepStrictEqual } from "node:assert/strict";
import { locate } from "../../src/cli/locate.ts";
import { sample } from "./sample_tool.ts";

Deno.test("locate() loads only the groups that the command line names", async () => {
  let loaded = 0;
  const tool = {
    ...sample,
    load: async () => [
      ...await sample.load(),
      {
        name: "other",
        summary: "",
        load: () => {
          loaded++;
          return Promise.resolve([]);
        },
      },
    ],
  };
  await locate(tool, ["group", "echo"]);
  deepStrictEqual(loaded, 0);
  await locate(tool, ["other"]);
  deepStrictEqual(loaded, 1);
});

Deno.test("locate() takes no command's name for an unknown flag's value", async () => {
  const { path, words } = await locate(sample, [
    "--quiet",
    "group",
    "echo",
    "x",
  ]);
  deepStrictEqual(path.map(({ name }) => name), ["sample", "group", "echo"]);
  deepStrictEqual(words, ["--quiet", "x"]);
});
