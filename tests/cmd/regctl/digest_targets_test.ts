import { match, strictEqual } from "node:assert/strict";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

const ONE = `sha256:${"1".repeat(64)}`;

Deno.test("commands that make something new refuse the name of something else, and send nothing", async () => {
  await using b = await bench();
  const source = await b.layout(await image());
  const target = `${b.host}/team/app:v1@${ONE}`;
  for (
    const words of [
      ["image", "copy", source, target],
      ["image", "create", target],
      ["index", "create", target],
      ["artifact", "put", "--artifact-type=a/b", target],
      ["artifact", "put", "--artifact-type=a/b", "--dry-run", target],
    ]
  ) {
    const { exit, stdout, stderr } = await b.run(words);
    strictEqual(`${exit} ${stdout}`, "1 ", words.join(" "));
    match(stderr, /^error: manifest digest mismatch, expected sha256:1+, /);
  }
  const sent = b.registry.take().filter((line) => !/^(?:GET|HEAD)/.test(line));
  strictEqual(sent.join("\n"), "");
});

Deno.test("image copy --rewrite-index wants a target without a digest", async () => {
  await using b = await bench();
  const source = await b.layout(await image());
  const { exit, stderr } = await b.run(
    ["image", "copy", "--platforms=linux/amd64", "--rewrite-index"].concat(
      source,
      `${b.host}/team/app@${ONE}`,
    ),
  );
  strictEqual(exit, 2);
  match(stderr, /^error: --rewrite-index makes a new digest.*\nhint: /);
});
