import { deepStrictEqual, ok } from "node:assert/strict";
import { isGroup, type Node } from "../../../src/cli/command.ts";
import { regctl } from "../../../src/cmd/regctl/mod.ts";

async function walk(
  node: Node,
  path: readonly string[] = [],
): Promise<(readonly [string, Node])[]> {
  const name = [...path, node.name];
  const here = [[name.join(" "), node] as const];
  if (!isGroup(node)) return here;
  const below = await Promise.all(
    (await node.load()).map((child) => walk(child, name)),
  );
  return [...here, ...below.flat()];
}

const all = await walk(regctl);

Deno.test("every command of regctl has a summary, a description and an example", () => {
  const poor = all.filter(([, node]) => !node.hidden && !isGroup(node)).filter(
    ([, { summary, description = "", examples = [] }]) =>
      summary === "" || description.length < 20 || examples.length === 0,
  );
  deepStrictEqual(poor.map(([path]) => path), []);
});

Deno.test("no flag of a command hides a global one, by name or by letter", () => {
  for (const [path, node] of all) {
    if (isGroup(node)) continue;
    const flags = [
      ...Object.entries(regctl.globals),
      ...Object.entries(node.flags),
    ];
    const words = flags.flatMap(([name, { short }]) =>
      short === undefined ? [name] : [name, short]
    );
    deepStrictEqual(words, [...new Set(words)], path);
  }
});

Deno.test("every flag that takes a value names it in capitals", () => {
  for (const [path, node] of all) {
    if (isGroup(node)) continue;
    for (const [name, flag] of Object.entries(node.flags)) {
      ok(
        flag.kind === "switch" ||
          /^[[A-Z][A-Z0-9=[\]|./:,-]*$/.test(flag.value),
        `${path} --${name}`,
      );
    }
  }
});

Deno.test("no two commands of a group share a word", async () => {
  for (const [path, node] of all) {
    if (!isGroup(node)) continue;
    const words = (await node.load()).flatMap(({ name, aliases = [] }) => [
      name,
      ...aliases,
    ]);
    deepStrictEqual(words, [...new Set(words)], path);
  }
});
