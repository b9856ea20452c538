/** Pages: links lead somewhere, tables are whole, blocks say what they are. */
import { deepStrictEqual } from "node:assert/strict";
import { parseDocument } from "yaml";
import { withCompletion } from "../src/cli/completion.ts";
import { parse } from "../src/cli/parse.ts";
import { TOOLS } from "../src/main.ts";
import { words } from "./support/differential.ts";
import { type Block, blocksOf, PAGES } from "./support/pages.ts";
import { run } from "./support/process.ts";

const ROOT = new URL("../", import.meta.url);

const files = (await run("git", ["ls-files"], { cwd: ROOT.pathname })).stdout
  .split("\n").filter((path) => path !== "");
const pages = files.filter((path) => path.endsWith(".md") && isFile(path))
  .filter((path) => !path.includes("/testdata/"));

function isFile(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, ROOT)).isFile;
  } catch {
    return false;
  }
}

/** The text of a page without its code. */
function prose(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT))
    .replace(/^(```|~~~)[^]*?^\1/gm, "").replace(/`[^`\n]*`/g, "``");
}

/** The anchors that headings make, as the usual renderers spell them. */
function anchors(path: string): Set<string> {
  const text = Deno.readTextFileSync(new URL(path, ROOT))
    .replace(/^(```|~~~)[^]*?^\1/gm, "");
  const headings = [...text.matchAll(/^#+ +(.*)$/gm)].map(([, title = ""]) =>
    title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  );
  const named = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)]
    .map(([, name = ""]) => name);
  return new Set([...headings, ...named]);
}

Deno.test("links inside the repository lead to files and headings", () => {
  const broken: string[] = [];
  for (const page of pages) {
    for (const [, target = ""] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const url = new URL(target, new URL(page, ROOT));
      const path = url.pathname.slice(ROOT.pathname.length);
      const found = path === "" || isFile(path) ||
        files.some((file) => file.startsWith(path));
      if (!found) broken.push(`${page}: ${target}`);
      else if (url.hash !== "" && path.endsWith(".md")) {
        if (!anchors(path).has(decodeURIComponent(url.hash.slice(1)))) {
          broken.push(`${page}: ${target}`);
        }
      }
    }
  }
  deepStrictEqual(broken, []);
});

Deno.test("links to elsewhere are https, to a named page", () => {
  const broken = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\(([a-z]+:[^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^(https:\/\/[\w.-]+\.\w+|mailto:)/.test(target))
      .map((target) => `${page}: ${target}`)
  );
  deepStrictEqual(broken, []);
});

Deno.test("every difference from upstream has its four cells filled", () => {
  const text = Deno.readTextFileSync(new URL("docs/compatibility.md", ROOT));
  const wrong = text.split("\n").filter((line) => line.startsWith("|"))
    .filter((line) => {
      const cells = line.replaceAll("\\|", "").split("|").slice(1, -1);
      return cells.length !== 4 || cells.some((cell) => cell.trim() === "");
    });
  deepStrictEqual(wrong, []);
});

Deno.test("docs/architecture.md names each area of tests and each benchmark", () => {
  const text = Deno.readTextFileSync(new URL("docs/architecture.md", ROOT));
  const names = files.flatMap((path) => {
    const [, area] = /^tests\/integration\/(\w+?)(?:_test\.ts|\/)/.exec(path) ??
      /^bench\/(\w+)_bench\.ts$/.exec(path) ?? [];
    return area === undefined ? [] : [area];
  });
  const missing = [...new Set(names)].filter((name) =>
    !text.includes(`\`${name}\``)
  );
  deepStrictEqual(missing, []);
});

/** What blocks of code may be, and what may follow the language. */
const LANGUAGES: Readonly<Record<string, RegExp>> = {
  shell: /^(?:fails|served)$/,
  text: /^(?:output|message)$/,
  yaml: /^file=[\w.-]+$/,
  lua: /^file=[\w.-]+$/,
  json: /^file=[\w.-]+$/,
  ts: /^file=[\w.-]+$/,
};

/** What is wrong with the form of a block; empty where nothing is. */
function malformed(block: Block): string {
  const { language, marks, notRun, text } = block;
  const known = LANGUAGES[language];
  if (known === undefined) return `no language "${language}"`;
  const strange = marks.find((mark) => !known.test(mark));
  if (strange !== undefined) return `no mark "${strange}"`;
  if (notRun !== undefined && (notRun === "" || language !== "shell")) {
    return "not-run: says why, of shell";
  }
  // What a reader would copy must be tried, or say why it is not.
  const isCommand = language === "text" && !marks.includes("output") &&
    /^(?:\$ )?reg(?:ctl|sync|bot) \S/m.test(text);
  return isCommand ? "command lines are shell" : "";
}

Deno.test("every block of code in the pages says what it is", () => {
  const wrong = PAGES.flatMap(blocksOf).flatMap((block) => {
    const what = malformed(block);
    return what === "" ? [] : [`${block.page}:${block.line}: ${what}`];
  });
  deepStrictEqual(wrong, []);
});

Deno.test("YAML and JSON in the pages can be read", () => {
  for (const { page, line, language, text } of PAGES.flatMap(blocksOf)) {
    if (language !== "yaml" && language !== "json") continue;
    const { errors } = parseDocument(text);
    deepStrictEqual([page, line, errors], [page, line, []]);
  }
});

/** What is wrong with a command line of ours; empty where nothing is. */
async function unparsed(line: string): Promise<string> {
  const [name = "", ...args] = words(line.replace(/ [<>|#] .*$/, ""));
  const tool = await TOOLS[name]?.load();
  if (tool === undefined) return "";
  try {
    await parse(withCompletion(tool), args);
    return "";
  } catch (error) {
    return `${line}: ${error}`;
  }
}

Deno.test("command lines in the pages that are not run are well-formed", async () => {
  const wrong: string[] = [];
  for (const { page, line, notRun, text } of PAGES.flatMap(blocksOf)) {
    if (notRun === undefined) continue;
    const { code, stderr } = await run("bash", ["-n"], { stdin: text });
    if (code !== 0) wrong.push(`${page}:${line}: ${stderr}`);
    const whole = text.replaceAll(/\\\n\s*/g, "");
    for (const [command] of whole.matchAll(/^\s*reg(?:ctl|sync|bot) .*$/gm)) {
      wrong.push(await unparsed(command.trim()));
    }
  }
  deepStrictEqual(wrong.filter((text) => text !== ""), []);
});

Deno.test("docs/architecture.md says what each dependency is for", () => {
  const { imports } = JSON.parse(
    Deno.readTextFileSync(new URL("deno.json", ROOT)),
  );
  const page = Deno.readTextFileSync(new URL("docs/architecture.md", ROOT));
  const listed = [...page.matchAll(/^\| `([@\w./-]+)` +\| \S/gm)]
    .map(([, name = ""]) => name);
  deepStrictEqual(
    Object.keys(imports).filter((name) => !listed.includes(name)),
    [],
  );
});
