/** The fenced blocks of the pages, and what their info strings mean. */

/** A fenced block. */
export interface Block {
  /** The page, from the top of the tree. */
  readonly page: string;
  /** The line of its opening fence, from 1. */
  readonly line: number;
  /** The first word of the info string, such as `shell`. */
  readonly language: string;
  /** What follows it: `fails`, `served`, `output`, `file=NAME`. */
  readonly marks: readonly string[];
  /** Why a `not-run: WHY` block is not run. */
  readonly notRun?: string;
  /** What is between the fences. */
  readonly text: string;
}

const ROOT = new URL("../../", import.meta.url);

/** README.md and all below docs/ but what is generated or about the code. */
export const PAGES: readonly string[] = ["README.md", ...pagesIn("docs")]
  .filter((page) =>
    page !== "docs/cli.md" && page !== "docs/regbot-lua.md" &&
    !/^docs\/(?:decisions|api)\//.test(page)
  );

function pagesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return pagesIn(path);
    return path.endsWith(".md") ? [path] : [];
  }).sort();
}

/** The text of a page. */
export function readPage(page: string): string {
  return Deno.readTextFileSync(new URL(page, ROOT));
}

/** All blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  const lines = readPage(page).split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", fence, info = ""] =
      /^(\s*)(`{3,}|~{3,})(.*)$/.exec(lines[at] ?? "") ?? [];
    if (fence === undefined) continue;
    const start = at;
    const text: string[] = [];
    while (++at < lines.length && lines[at]?.trim() !== fence) {
      text.push((lines[at] ?? "").slice(indent.length));
    }
    blocks.push({
      page,
      line: start + 1,
      ...read(info.trim()),
      text: text.map((line) => `${line}\n`).join(""),
    });
  }
  return blocks;
}

function read(info: string): Pick<Block, "language" | "marks" | "notRun"> {
  const [, before = "", notRun] = /^(.*?)(?: not-run: (.*))?$/.exec(info) ?? [];
  const [language = "", ...marks] = before.split(/\s+/);
  return { language, marks, ...(notRun !== undefined && { notRun }) };
}

/** The value of a mark such as `file=regsync.yml`. */
export function markOf(block: Block, name: string): string | undefined {
  const mark = block.marks.find((mark) => mark.startsWith(`${name}=`));
  return mark?.slice(name.length + 1);
}

/** The pattern of an output in which `…` stands for any text, and alone for any lines. */
export function outputPattern(text: string): RegExp {
  const lines = text.split("\n").map((line) =>
    line.trim() === "…"
      ? "[^]*?"
      : `${line.split("…").map(escape).join("[^\\n]*?")}\n`
  );
  return new RegExp(`^${lines.join("").replace(/\n$/, "")}$`);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** A page in which the text of some blocks is another one. */
export function withTexts(
  page: string,
  texts: ReadonlyMap<Block, string>,
): string {
  const lines = readPage(page).split("\n");
  const blocks = [...texts].sort(([a], [b]) => b.line - a.line);
  for (const [block, text] of blocks) {
    const count = block.text.split("\n").length - 1;
    lines.splice(block.line, count, ...text.replace(/\n$/, "").split("\n"));
  }
  return lines.join("\n");
}
