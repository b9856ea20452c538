import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { bench } from "../../support/regctl.ts";

Deno.test("cli-doc lists the commands, hidden ones where it is asked to", async () => {
  await using b = await bench();
  const lines = (await b.ok(["cli-doc", "--list"])).split("\n");
  deepStrictEqual(lines.slice(0, 3), [
    "regctl",
    "regctl artifact",
    "regctl artifact get",
  ]);
  strictEqual(lines.includes("regctl completion"), true);
  strictEqual(lines.includes("regctl cli-doc"), false);
  match(await b.ok(["cli-doc", "--list", "--hidden"]), /^regctl cli-doc$/m);
});

Deno.test("cli-doc prints Markdown of a command, by any of its names, and of a group", async () => {
  await using b = await bench();
  const command = await b.ok(["cli-doc", "tag", "list"]);
  match(command, /^## regctl tag ls\n\nList tags/);
  match(command, /^\| `--exclude REGEXP...` \| /m);
  match(await b.ok(["cli-doc"]), /^## regctl\n[^]*\n\| `tag` \| manage tags/);
});

Deno.test("cli-doc --format shows what is known of a command", async () => {
  await using b = await bench();
  strictEqual(
    await b.ok([
      "cli-doc",
      "tag",
      "ls",
      "--format={{.CommandPath}}: {{.Short}} {{.Aliases}}",
    ]),
    "regctl tag ls: list tags in a repo [list]",
  );
});

Deno.test("cli-doc refuses what is no command", async () => {
  await using b = await bench();
  const { exit, stderr } = await b.run(["cli-doc", "tag", "lst"]);
  strictEqual(exit, 2);
  strictEqual(
    stderr,
    'error: unknown command "tag lst" for "regctl"\nhint: `regctl cli-doc --list` lists them\n',
  );
});
