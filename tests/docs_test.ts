/** Pages: links lead somewhere, tables are whole. */
import { deepStrictEqual } from "node:assert/strict";
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
