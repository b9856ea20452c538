/** The command lines of README.md work as they stand there. */
import { ok, strictEqual } from "node:assert/strict";
import { TOOLS } from "../../src/main.ts";
import { MemoryStorage, serve } from "../../src/serve/mod.ts";
import { cli } from "../support/cli.ts";
import { words } from "../support/differential.ts";
import {
  artifact,
  image,
  multiPlatform,
  pushGraph,
} from "../support/images.ts";
import { tempDir } from "../support/temp.ts";

const README = Deno.readTextFileSync(
  new URL("../../README.md", import.meta.url),
);
const LINES = [...README.matchAll(/^```shell\n([^]*?)^```/gm)]
  .flatMap(([, block = ""]) => block.split("\n"))
  .filter((line) => /^reg(ctl|sync|bot) /.test(line));

Deno.test("README.md has command lines to try", () => {
  ok(LINES.length >= 10);
});

Deno.test("the command lines of README.md run one after another", async (t) => {
  await using registry = serve(new MemoryStorage());
  const { url, address } = registry;
  await using dir = await tempDir();
  await Deno.mkdir(`${dir.path}/.regctl`);
  // The names that people know, all on the registry of this test.
  const here = { hostname: address, tls: "disabled" };
  await Deno.writeTextFile(
    `${dir.path}/.regctl/config.json`,
    JSON.stringify({
      hosts: { "docker.io": here, "registry.example.org": here },
    }),
  );
  await pushGraph(url, "library/alpine", await multiPlatform(4), [
    "latest",
    "3",
    "3.20",
  ]);
  const app = await image({ seed: 2 });
  await pushGraph(url, "team/app", app, ["v1", "old"]);
  await pushGraph(url, "team/app", artifact({ subject: app.root }));
  const before = Deno.cwd();
  Deno.chdir(dir.path);
  try {
    for (const line of LINES) {
      await t.step(line, async () => {
        const [command = "", stdin] = line.split(" < ");
        const [tool = "", ...args] = words(command);
        const loaded = await TOOLS[tool]?.load();
        ok(loaded);
        const { exit, stderr } = await cli(loaded, args, {
          env: { HOME: dir.path },
          ...(stdin === undefined ? {} : { stdin: "secret\n" }),
        });
        strictEqual(exit, 0, stderr);
      });
    }
  } finally {
    Deno.chdir(before);
  }
});
