/**
 * Compiles the committed sources in two folders and compares the programs:
 * `deno run -A scripts/reproduce.ts`. Ends with 1 where a byte differs.
 *
 * @module
 */
import { output } from "./bundle.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const work = await Deno.makeTempDir({ prefix: "regkit-" });
try {
  const sums: string[] = [];
  // Paths of different lengths: one that got into the program would move bytes.
  for (const name of ["a", "another/place"]) {
    const folder = `${work}/${name}`;
    await output("git", ["clone", "--quiet", ROOT, folder]);
    await output(Deno.execPath(), ["task", "--quiet", "compile"], folder);
    sums.push(await Deno.readTextFile(`${folder}/dist/SHA256SUMS`));
  }
  const [one = "", two = ""] = sums;
  console.log(one.trimEnd());
  if (one === "" || one !== two) {
    console.log(`differs:\n${two.trimEnd()}`);
    Deno.exitCode = 1;
  }
} finally {
  await Deno.remove(work, { recursive: true });
}
