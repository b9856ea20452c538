/**
 * What can be checked before a release, on one machine:
 * `deno run -A scripts/release_check.ts [--after-gate]`, where the quick gate has
 * passed already. Ends with 0 when all of it held.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { VERSION } from "../src/base/version.ts";

const ROOT = new URL("../", import.meta.url);

/** Tells what is wrong; nothing where it holds. */
type Check = () => Promise<readonly string[]> | readonly string[];

const CHECKS: Readonly<Record<string, Check>> = {
  "the quick gate": () =>
    Deno.args.includes("--after-gate") ? [] : deno("task", "ok"),
  "examples of the library": () =>
    deno("test", "-A", "--quiet", "--no-check", "tests/examples"),
  "examples in comments": () => deno("test", "-A", "--quiet", "--doc", "src/"),
  "types, with the lock file as it is": () =>
    deno("check", "--quiet", "--frozen", ...Object.values(config.exports)),
  "the package, without slow types": () =>
    deno("publish", "--dry-run", "--allow-dirty", "--quiet"),
  "pages of the interface": pages,
  "bill of materials": materials,
  "one version everywhere": versions,
  "changelog": changelog,
};

async function deno(...args: readonly string[]): Promise<readonly string[]> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return success ? [] : [`deno ${args.join(" ")} failed`];
}

/** Built elsewhere: what is in docs/api stays. */
function pages(): Promise<readonly string[]> {
  return within((folder) =>
    deno(
      "doc",
      "--html",
      "--quiet",
      "--name=regkit",
      `--output=${folder}`,
      ...Object.values(config.exports),
    )
  );
}

function materials(): Promise<readonly string[]> {
  return within(async (folder) => {
    const file = `${folder}/bom.json`;
    const problems = await deno("run", "-A", "scripts/sbom.ts", file);
    if (problems.length > 0) return problems;
    const { components } = JSON.parse(await Deno.readTextFile(file));
    return components.length > 0 ? [] : ["it lists nothing"];
  });
}

async function within<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "regkit-" });
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The text of a release's page: what a reader copies must be there then. */
async function versions(): Promise<readonly string[]> {
  const wrong = VERSION === config.version
    ? []
    : [`src/base/version.ts says ${VERSION}, deno.json ${config.version}`];
  for (const name of ["README.md", "docs/install.md"]) {
    const text = await Deno.readTextFile(new URL(name, ROOT));
    const named = text.matchAll(
      /(?:regkit\/reg\w+:|releases\/download\/)v([^\s"/]+)/g,
    );
    for (const [words, version] of named) {
      if (version !== VERSION) wrong.push(`${name} says ${words}`);
    }
  }
  return wrong;
}

async function changelog(): Promise<readonly string[]> {
  const text = await Deno.readTextFile(new URL("CHANGELOG.md", ROOT));
  const [, section] = text.split(`\n## ${VERSION} - `);
  if (section === undefined) return [`it has no section of ${VERSION}`];
  const [date = "", ...lines] = (section.split("\n## ")[0] ?? "").split("\n");
  return [
    ...(/^\d{4}-\d\d-\d\d$/.test(date) ? [] : [`${VERSION} has no date`]),
    ...(lines.some((line) => line.startsWith("- "))
      ? []
      : [`${VERSION} has no entry`]),
  ];
}

let failed = 0;
for (const [name, check] of Object.entries(CHECKS)) {
  console.log(`== ${name}`);
  const problems = await check();
  for (const problem of problems) console.log(`FAILED ${name}: ${problem}`);
  failed += problems.length;
}
Deno.exitCode = failed > 0 ? 1 : 0;
