import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { isGroup, type Node, type Tool } from "../../src/cli/command.ts";
import type { Need, Permissions } from "../../src/cli/permissions.ts";
import { regbot } from "../../src/cmd/regbot/mod.ts";
import { regctl } from "../../src/cmd/regctl/mod.ts";
import { settleWrites } from "../../src/cmd/regsync/load.ts";
import { loadRegsync } from "../../src/config/regsync.ts";
import { regsync } from "../../src/cmd/regsync/mod.ts";
import { settleHelpers } from "../../src/cmd/settle.ts";
import { cli, memoryIo } from "../support/cli.ts";
import { tempDir } from "../support/temp.ts";

/** Permissions that keep what is needed, as the system's do. */
class Kept implements Permissions {
  readonly givenUp = new Set<string>();
  readonly needs = new Set<Need>(["net", "run", "write"]);
  granted = () => [...this.needs];

  settle(need: Need, isNeeded: boolean): void {
    if (isNeeded && !this.needs.has(need)) throw new Error(`${need} is gone`);
    if (!isNeeded) this.needs.delete(need);
  }
}

Deno.test("settleHelpers() keeps running programs for helpers alone", () => {
  const permissions = new Kept();
  const { io } = memoryIo({ permissions });
  settleHelpers(io, [undefined, { credHelper: "docker-credential-x" }]);
  deepStrictEqual(permissions.granted(), ["net", "run", "write"]);
  settleHelpers(io, [undefined, { credHelper: "" }, {}]);
  deepStrictEqual(permissions.granted(), ["net", "write"]);
  throws(() => settleHelpers(io, [{ credHelper: "docker-credential-x" }]));
});

/** What each command needs where all of its arguments are `repository`. */
async function needsOf(tool: Tool, word: string): Promise<string[]> {
  const rows: string[] = [];
  const walk = async (node: Node, path: string) => {
    if (isGroup(node)) {
      for (const child of await node.load()) {
        await walk(child, `${path} ${child.name}`);
      }
      return;
    }
    const { needs = [] } = node;
    const args = node.args.map((name) =>
      name.startsWith("[") ? name.endsWith("...]") ? [] : undefined : word
    );
    const all = typeof needs === "function"
      ? needs({ args, flags: {} })
      : needs;
    rows.push(`${path}: ${all.join(" ")}`);
  };
  await walk(tool, tool.name);
  return rows;
}

Deno.test("commands that only look cannot write", async () => {
  const rows = (await Promise.all(
    [regctl, regsync, regbot].map((tool) => needsOf(tool, "host/app:v1")),
  )).flat();
  const writing = rows.filter((row) => row.includes("write"))
    .map((row) => row.split(":")[0]);
  deepStrictEqual(writing, [
    "regctl artifact put",
    "regctl blob put",
    "regctl config set",
    "regctl image import",
    "regctl image mod",
    "regctl registry login",
    "regctl registry logout",
    "regctl registry set",
    "regctl serve",
    "regsync once",
    "regsync server",
    "regbot once",
    "regbot run",
    "regbot server",
  ]);
  const alone = rows.filter((row) => row.endsWith(": "))
    .map((row) => row.split(":")[0]);
  deepStrictEqual(alone, [
    "regctl config get",
    "regctl registry config",
    "regctl registry whoami",
    "regctl cli-doc",
    "regctl digest",
    "regctl ref",
    "regctl version",
    "regsync config",
    "regsync schema",
    "regsync version",
    "regbot check",
    "regbot schema",
    "regbot types",
    "regbot version",
  ]);
});

Deno.test("commands that look into a layout need no network and no helper", async () => {
  const rows = await needsOf(regctl, "ocidir://a:v1");
  const alone = rows.filter((row) => row.endsWith(": "))
    .map((row) => row.split(":")[0] ?? "");
  for (const name of ["tag ls", "manifest get", "image digest", "blob get"]) {
    strictEqual(alone.includes(`regctl ${name}`), true, name);
  }
  // A base image, and what refers to an image, may be elsewhere.
  for (const name of ["image check-base", "artifact tree", "image copy"]) {
    strictEqual(alone.includes(`regctl ${name}`), false, name);
  }
});

Deno.test("settleWrites() keeps writing where a step may copy into a layout", () => {
  const kept = (step: string) => {
    const permissions = new Kept();
    const { io } = memoryIo({ permissions });
    const text = `sync: [{type: image, source: a/b:1, ${step}}]\n`;
    settleWrites(loadRegsync(text, { env: io.env }), io);
    return permissions.needs.has("write");
  };
  const backup = (text: string) => kept(`target: "c/d:1", backup: "${text}"`);
  deepStrictEqual(kept(`target: "c/d:1"`), false);
  deepStrictEqual(backup("old/{{.Ref.Repository}}:1"), false);
  deepStrictEqual(backup("{{.Ref.Repository}}:1"), true);
  deepStrictEqual(backup('oci{{"dir"}}://x'.replaceAll('"', '\\"')), true);
  deepStrictEqual(kept(`target: "ocidir://x:1"`), true);
});

Deno.test("regbot keeps writing for scripts that may use files", async () => {
  await using dir = await tempDir();
  const kept = async (directories: string, ...more: string[]) => {
    const permissions = new Kept();
    const file = `${dir.path}/bot.yml`;
    await Deno.writeTextFile(
      file,
      `defaults: {allow: {directories: ${directories}}}
${more.join("\n")}
scripts: [{name: x, script: "log('x')"}]\n`,
    );
    await cli(regbot, ["once", "-c", file], { permissions });
    return permissions.granted().join(" ");
  };
  deepStrictEqual(await kept("[]"), "net");
  deepStrictEqual(await kept(`["${dir.path}"]`), "net write");
  const helper = "creds: [{registry: a.example, credHelper: x}]";
  deepStrictEqual(await kept("[]", helper), "net run");
});
