/** The picture of README.md: what it shows is what is typed today. */
import { deepStrictEqual, match, ok } from "node:assert/strict";
import { withCompletion } from "../../src/cli/completion.ts";
import { parse } from "../../src/cli/parse.ts";
import { TOOLS } from "../../src/main.ts";
import { COMMANDS, PICTURE, picture } from "../../scripts/picture.ts";
import { words } from "../support/differential.ts";
import { readPage } from "../support/pages.ts";

/** The lines of a picture, without their markup. */
function linesOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(
    ([, text = ""]) =>
      text.replaceAll("&lt;", "<").replaceAll("&gt;", ">")
        .replaceAll("&amp;", "&"),
  );
}

Deno.test("picture() draws commands and outputs, long lines in pieces", () => {
  const long = "x".repeat(100);
  const svg = picture([{ command: "a <b> & c", output: `1\n${long}\n` }]);
  deepStrictEqual(linesOf(svg), [
    "$ a <b> & c",
    "1",
    "x".repeat(92),
    "x".repeat(8),
  ]);
  match(svg, /^<svg [^]*<\/svg>\n$/);
});

Deno.test("the picture in README.md shows the commands of today", async () => {
  const lines = linesOf(readPage(PICTURE));
  const typed = lines.filter((line) => line.startsWith("$ "));
  deepStrictEqual(typed, COMMANDS.map((command) => `$ ${command}`));
  ok(lines.length > typed.length + COMMANDS.length / 2);
  match(readPage("README.md"), new RegExp(`!\\[[^\\]]+\\]\\(${PICTURE}\\)`));
  for (const command of COMMANDS) {
    const [name = "", ...args] = words(command);
    const tool = await TOOLS[name]?.load();
    ok(tool);
    const { kind } = await parse(withCompletion(tool), args);
    deepStrictEqual(kind, "call");
  }
});
