/**
 * Writes the pages that follow from the code: `deno task docs [--check]`.
 * With `--check` nothing is written, and a stale page is a failure. Without it
 * the library's own pages are made, too, in `docs/api`.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { commandPage } from "../src/cli/docs.ts";
import { VARIABLES } from "../src/config/env.ts";
import { TOOLS } from "../src/main.ts";

const ROOT = new URL("../", import.meta.url).pathname;

const PAGES: Readonly<Record<string, () => Promise<string>>> = {
  "docs/cli.md": async () =>
    await commandPage(
      await Promise.all(Object.values(TOOLS).map(({ load }) => load())),
    ),
  "docs/env.md": () => Promise.resolve(variablePage()),
};

function variablePage(): string {
  const rows = Object.entries(VARIABLES).map(([name, { readBy, effect }]) =>
    `| \`${name}\` | ${readBy} | ${effect} |`
  );
  return [
    "# Environment variables",
    "",
    "Written by `deno task docs` from the table in `src/config/env.ts`.",
    "",
    "| variable | read by | effect |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** The page as `deno fmt` would leave it. */
async function formatted(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", "md", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("deno fmt failed");
  return new TextDecoder().decode(stdout);
}

const check = Deno.args.includes("--check");
let stale = 0;
for (const [path, make] of Object.entries(PAGES)) {
  const text = await formatted(await make());
  const there = await Deno.readTextFile(ROOT + path).catch(() => "");
  if (there === text) continue;
  stale++;
  if (check) console.log(`${path} is stale: run \`deno task docs\``);
  else {
    await Deno.writeTextFile(ROOT + path, text);
    console.log(`wrote ${path}`);
  }
}
if (!check) {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "doc",
      "--html",
      "--quiet",
      "--name=regkit",
      "--output=docs/api",
      ...Object.values(config.exports),
    ],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error("deno doc --html failed");
}
Deno.exitCode = check && stale > 0 ? 1 : 0;
