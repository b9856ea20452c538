/**
 * Draws the terminal of README.md: `deno run -A scripts/picture.ts`. The commands
 * run for real, against the registries of the tests, and what they print is drawn.
 *
 * @module
 */
import { pageWorld } from "../tests/support/page_world.ts";

/** What is typed. */
export const COMMANDS: readonly string[] = [
  "regctl tag ls --include 'v1\\..*' registry.example.org/team/app",
  "regctl image copy alpine:3 registry.example.org/library/alpine:3",
  "regctl image digest registry.example.org/library/alpine:3",
  "regctl image get-file alpine:3 /etc/alpine-release",
  "regctl tag ls registry.example.org/library/alpin",
];

/** Where the picture is, from the top of the tree. */
export const PICTURE = "docs/terminal.svg";

/** A command and what a terminal showed below it. */
export interface Shown {
  /** What was typed. */
  readonly command: string;
  /** What was printed. */
  readonly output: string;
}

/** Characters on a line; what is longer goes on in the next one. */
const COLUMNS = 92;
const [CHARACTER, LINE, MARGIN, TOP] = [8.4, 20, 20, 52];

interface DrawnLine {
  readonly kind: "command" | "output";
  readonly text: string;
}

/** Draws what a terminal showed as SVG. */
export function picture(shown: readonly Shown[]): string {
  const lines = shown.flatMap(({ command, output }): DrawnLine[] => [
    ...wrapped(`$ ${command}`).map((text) => ({
      kind: "command" as const,
      text,
    })),
    ...output.replace(/\n$/, "").split("\n").flatMap(wrapped)
      .map((text) => ({ kind: "output" as const, text })),
  ]);
  const width = Math.round(COLUMNS * CHARACTER + 2 * MARGIN);
  const height = TOP + lines.length * LINE + MARGIN / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">A terminal: ${
    escaped(shown.map(({ command }) => command).join("; "))
  }</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
.command { fill: #ffffff; font-weight: bold; }
.output { fill: #b8c4d0; }
</style>
<rect width="${width}" height="${height}" rx="8" fill="#16202c"/>
${
    ["#ff5f57", "#febc2e", "#28c840"].map((color, at) =>
      `<circle cx="${20 + at * 20}" cy="20" r="6" fill="${color}"/>`
    ).join("\n")
  }
${lines.map(drawn).join("\n")}
</svg>
`;
}

function wrapped(line: string): string[] {
  return line.match(new RegExp(`.{1,${COLUMNS}}`, "gu")) ?? [""];
}

/** A line on the grid of characters, whatever font there is. */
function drawn({ kind, text }: DrawnLine, at: number): string {
  const y = TOP + at * LINE;
  const length = Math.round([...text].length * CHARACTER);
  return `<text class="${kind}" x="${MARGIN}" y="${y}" xml:space="preserve" textLength="${length}" lengthAdjust="spacingAndGlyphs">${
    escaped(text)
  }</text>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

if (import.meta.main) {
  await using world = await pageWorld();
  const shown: Shown[] = [];
  for (const command of COMMANDS) {
    const { stdout } = await world.run(command);
    shown.push({ command, output: world.told(stdout) });
  }
  await Deno.writeTextFile(
    new URL(`../${PICTURE}`, import.meta.url),
    picture(shown),
  );
  console.log(`wrote ${PICTURE}`);
}
