/**
 * The command lines of README.md and docs/ work as they stand there, and print
 * what stands below them. REGKIT_WRITE_PAGES=regctl.md writes what they print into
 * the pages of that name, and leaves out the others.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { messageOf } from "../../src/base/errors.ts";
import { type PageWorld, pageWorld } from "../support/page_world.ts";
import {
  type Block,
  blocksOf,
  markOf,
  outputPattern,
  PAGES,
  withTexts,
} from "../support/pages.ts";
import { peerTest } from "../support/peers.ts";
import type { Running } from "../support/process.ts";

const WRITES = Deno.env.get("REGKIT_WRITE_PAGES");
const ROOT = new URL("../../", import.meta.url);

/** What a command line printed, as the page would show it. */
function shown(world: PageWorld, text: string): string {
  return world.told(text).split("\n").map((line) => line.trimEnd()).join("\n");
}

/** An output with its log lines in order: what runs at once is logged as it comes. */
function ordered(text: string): string {
  return text.replace(
    /(?:^time=.*\n)+/gm,
    (log) => `${log.trimEnd().split("\n").sort().join("\n")}\n`,
  );
}

function isShown(output: Block, text: string): boolean {
  const expected = output.text.split("\n").map((line) => line.trimEnd());
  return outputPattern(ordered(expected.join("\n"))).test(ordered(text));
}

/** Whether there is something to do: a file to write, or commands to run. */
function isDone(block: Block): boolean {
  return markOf(block, "file") !== undefined ||
    block.language === "shell" && block.notRun === undefined;
}

/** Runs what a page has, from its top to its end. */
class PageRun {
  readonly #world: PageWorld;
  readonly #servers = new AsyncDisposableStack();
  /** What blocks have to show from now on. */
  readonly written: Map<Block, string> = new Map();

  constructor(world: PageWorld) {
    this.#world = world;
  }

  /** Does what a block says; `next` shows what it prints, where it says so. */
  async do(block: Block, next: Block | undefined): Promise<void> {
    const file = markOf(block, "file");
    if (file !== undefined) {
      return await Deno.writeTextFile(`${this.#world.dir}/${file}`, block.text);
    }
    const output = next?.marks.includes("output") ? next : undefined;
    if (block.marks.includes("served")) {
      return await this.#serve(block, output);
    }
    const { code, stdout } = await this.#world.run(block.text);
    const fails = block.marks.includes("fails");
    ok(fails ? code !== 0 : code === 0, `status ${code}: ${stdout}`);
    if (output === undefined) return;
    this.#compare(output, shown(this.#world, stdout));
  }

  #compare(output: Block, text: string): void {
    if (isShown(output, text)) return;
    if (WRITES !== undefined) this.written.set(output, text);
    else strictEqual(text, output.text, `${output.page}:${output.line}`);
  }

  async #serve(block: Block, output: Block | undefined): Promise<void> {
    ok(output, "What is served shows what it prints when it is ready");
    const server = this.#world.start(block.text);
    this.#servers.defer(() => stopped(server));
    const lines = output.text.trimEnd().split("\n").length;
    await server.waitFor(new RegExp(`^(?:.*\\n){${lines}}`));
    const text = shown(this.#world, server.output()).split("\n");
    this.#compare(output, `${text.slice(0, lines).join("\n")}\n`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#servers.disposeAsync();
  }
}

async function stopped(server: Running): Promise<void> {
  server.kill("SIGTERM");
  await server.status;
  await server[Symbol.asyncDispose]();
}

/** Does all that a page says; gives what went wrong. */
async function failuresOf(world: PageWorld, page: string): Promise<string[]> {
  await world.reset();
  await using run = new PageRun(world);
  const failures: string[] = [];
  const blocks = blocksOf(page);
  for (const [at, block] of blocks.entries()) {
    if (!isDone(block)) continue;
    try {
      await run.do(block, blocks[at + 1]);
    } catch (error) {
      failures.push(`${page}:${block.line}: ${messageOf(error)}`);
    }
  }
  if (run.written.size > 0) {
    await Deno.writeTextFile(new URL(page, ROOT), withTexts(page, run.written));
  }
  return failures;
}

peerTest(
  "the command lines of the pages work and print what stands below them",
  ["openssl"],
  async () => {
    const rest = PAGES.filter((page) =>
      page.endsWith(WRITES ?? "") && blocksOf(page).some(isDone)
    );
    const failures: string[] = [];
    const work = async () => {
      await using world = await pageWorld();
      for (let page = rest.shift(); page !== undefined; page = rest.shift()) {
        failures.push(...await failuresOf(world, page));
      }
    };
    await Promise.all([work(), work()]);
    deepStrictEqual(failures, []);
  },
);

Deno.test("the pages have command lines to try", () => {
  const counts = PAGES.map((page) => blocksOf(page).filter(isDone).length);
  ok(counts.reduce((sum, count) => sum + count, 0) >= 40);
});

Deno.test("outputPattern() takes … for any text, and alone for any lines", () => {
  match("a 12 b\n", outputPattern("a … b\n"));
  match("a\nb\nc\nd\n", outputPattern("a\n…\nd\n"));
  match("a\nd\n", outputPattern("a\n…\nd\n"));
  deepStrictEqual(outputPattern("a … b\n").test("a 12\nb\n"), false);
  deepStrictEqual(outputPattern("a.b\n").test("axb\n"), false);
  deepStrictEqual(outputPattern("a\n").test("a\nb\n"), false);
});
