/**
 * Runs a file of template vectors through the engine:
 * `deno run -A scripts/template_vectors.ts FILE [--failures]`.
 *
 * Prints the pass rate of each family and, last, those of the cases without
 * and with tags.
 *
 * @module
 */
import {
  runVectors,
  type VectorResult,
} from "./template_vectors/run_vector.ts";

/** How many cases pass. */
function rate(results: readonly VectorResult[]): string {
  const passed = results.filter(({ problem }) => problem === undefined);
  return `${passed.length} of ${results.length}`;
}

function isTagged({ vector }: VectorResult): boolean {
  return (vector.tags ?? []).length > 0;
}

/** Reports on a file, line by line. */
export function report(
  results: readonly VectorResult[],
  options: { readonly failures?: boolean } = {},
): string[] {
  const lines: string[] = [];
  const families = Map.groupBy(results, ({ vector }) => vector.family);
  for (const [family, members] of families) {
    lines.push(`${family} ${rate(members)}`);
  }
  if (options.failures) {
    for (const { vector, problem, isStrict } of results) {
      const text = JSON.stringify(vector.template ?? vector.templateBase64);
      const wanted = JSON.stringify(vector.error ?? vector.output);
      if (problem !== undefined) {
        lines.push(`FAILED ${vector.name} ${text}`);
        lines.push(`  wanted ${wanted}`, `  ${problem}`);
      } else if (!isStrict) lines.push(`other text: ${vector.name} ${text}`);
    }
  }
  const strict = results.filter(({ isStrict }) => isStrict).length;
  lines.push(`with the same text of errors ${strict} of ${results.length}`);
  lines.push(`untagged ${rate(results.filter((each) => !isTagged(each)))}`);
  lines.push(`tagged ${rate(results.filter(isTagged))}`);
  return lines;
}

if (import.meta.main) {
  const [path = "", ...flags] = Deno.args;
  const results = runVectors(JSON.parse(await Deno.readTextFile(path)));
  const lines = report(results, { failures: flags.includes("--failures") });
  console.log(lines.join("\n"));
}
