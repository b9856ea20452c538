/**
 * The unit tests in a few modules that import them all: a module is loaded into a
 * process of its own with all that it imports, which takes longer than most tests.
 *
 * @module
 */

/** How many; some more than processors, so that none waits long for the last. */
const MODULES = 4;

const ROOT = new URL("../", import.meta.url);
const FOLDER = ".unit";
/** What takes longer than the quick gate may. */
const OTHERS = ["tests/integration/", "tests/e2e/"];

/**
 * Writes the modules.
 *
 * @returns Their paths, for `deno test`.
 */
export async function unitTests(): Promise<string[]> {
  const found = await Array.fromAsync(testsIn("tests/"));
  const paths = found.sort();
  await Deno.mkdir(new URL(FOLDER, ROOT), { recursive: true });
  const written: string[] = [];
  for (let at = 0; at < MODULES; at++) {
    const lines = paths.filter((_, index) => index % MODULES === at)
      .map((path) => `import "../${path}";\n`);
    const path = `${FOLDER}/${at + 1}_test.ts`;
    await Deno.writeTextFile(new URL(path, ROOT), lines.join(""));
    written.push(path);
  }
  return written;
}

async function* testsIn(folder: string): AsyncGenerator<string> {
  if (OTHERS.includes(folder)) return;
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))
  ) {
    if (isDirectory) yield* testsIn(`${folder}${name}/`);
    else if (name.endsWith("_test.ts")) yield `${folder}${name}`;
  }
}
