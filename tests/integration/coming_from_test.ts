/** docs/coming-from.md: the command lines of other tools and ours do the same work. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { type PageWorld, pageWorld } from "../support/page_world.ts";
import { readPage } from "../support/pages.ts";
import { peerTest } from "../support/peers.ts";

/** The command lines of a row of a table. */
type Row = readonly [theirs: string, ours: string];

const PAGE = readPage("docs/coming-from.md");
const PROGRAM = /^(?:crane|docker|skopeo|oras|regctl) /;

/** The rows that begin with a command line. */
const ROWS: readonly Row[] = PAGE.split("\n")
  .map((line) => /^\| `([^`]+)` +\| .*?`([^`]+)` +\|$/.exec(line))
  .flatMap((found) => {
    const [, theirs = "", ours = ""] = found ?? [];
    return found ? [[theirs, ours] as const] : [];
  });

Deno.test("docs/coming-from.md has rows of five tools, and no row without both lines", () => {
  const tools = new Set(ROWS.map(([theirs]) => theirs.split(" ")[0]));
  deepStrictEqual([...tools].sort(), [
    "crane",
    "docker",
    "oras",
    "regctl",
    "skopeo",
  ]);
  ok(ROWS.length >= 40);
  const cells = PAGE.split("\n").filter((line) => /^\| `/.test(line));
  deepStrictEqual(cells.length, ROWS.length);
  deepStrictEqual(ROWS.flat().filter((line) => !PROGRAM.test(line)), []);
});

/** Begins anew, with the archive that a line may speak of. */
async function begin(world: PageWorld, line: string): Promise<void> {
  await world.reset();
  if (!/\bimage\.tar\b/.test(line)) return;
  const { code, stdout } = await world.run(
    "regctl image export --platform linux/amd64 --file image.tar alpine:3",
  );
  deepStrictEqual([code, stdout], [0, ""]);
}

/** Where copies of the rows can end; what is there is compared. */
const PLACES = ["registry.example.org", "backup.example.org"];

/** Which tags a command left in the registries, and what they name. */
async function left(world: PageWorld): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const place of PLACES) {
    const storage = world.registries.get(place)?.storage;
    ok(storage);
    for (const name of await storage.repositories()) {
      const repository = storage.repository(name);
      for (const tag of await repository.tags()) {
        const { digest = "" } = await repository.resolve(tag) ?? {};
        found[`${place}/${name}:${tag}`] = digest;
      }
    }
  }
  return found;
}

/** Other tools write what they make in ways of their own: only names are compared. */
const MADE =
  /^(?:crane (?:mutate|index|push)|skopeo copy docker-archive:|oras (?:push|attach))/;

async function failuresOf(
  world: PageWorld,
  row: Row,
  digest: string,
): Promise<string[]> {
  const failures: string[] = [];
  const states: Record<string, string>[] = [];
  // There is no daemon here: of docker's rows only ours runs.
  const isDocker = row[0].startsWith("docker ");
  for (const line of isDocker ? row.slice(1) : row) {
    await begin(world, line);
    const { code, stdout } = await world.run(`DIGEST=${digest}\n${line}`);
    if (code !== 0) failures.push(`${line}\nstatus ${code}: ${stdout}`);
    states.push(await left(world));
  }
  const [theirs = {}, ours = theirs] = states;
  const isMade = MADE.test(row[0]);
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    const [a, b] = [theirs[name], ours[name]];
    if (a === b || isMade && a !== undefined && b !== undefined) continue;
    failures.push(`${row.join("\n")}\n${name}: ${a}, ours ${b}`);
  }
  return failures;
}

peerTest(
  "the command lines of other tools and ours do the same work",
  ["openssl", "crane", "skopeo", "oras"],
  async () => {
    const rest = [...ROWS];
    const failures: string[] = [];
    const work = async () => {
      await using world = await pageWorld({ peers: ["crane", "oras"] });
      const { stdout } = await world.run(
        "regctl manifest get alpine -p linux/amd64 --format '{{(index .Layers 0).Digest}}'",
      );
      for (let row = rest.shift(); row !== undefined; row = rest.shift()) {
        failures.push(...await failuresOf(world, row, stdout.trim()));
      }
    };
    await Promise.all([work(), work()]);
    deepStrictEqual(failures, []);
  },
);
