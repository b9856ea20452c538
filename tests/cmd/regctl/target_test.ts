import { match, strictEqual, throws } from "node:assert/strict";
import { expectDigest, targetTag } from "../../../src/cmd/regctl/target.ts";
import { parseReference } from "../../../src/registry/reference.ts";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

const ONE = `sha256:${"1".repeat(64)}`;
const TWO = `sha256:${"2".repeat(64)}`;

Deno.test("expectDigest() takes the digest of the reference alone, and any where it has none", () => {
  expectDigest(parseReference("r.example/a:v1"), ONE);
  expectDigest(parseReference(`r.example/a:v1@${ONE}`), ONE);
  throws(() => expectDigest(parseReference(`r.example/a@${ONE}`), TWO), {
    code: "mismatch",
    message: `manifest digest mismatch, expected ${ONE}, computed ${TWO}`,
  });
});

Deno.test("targetTag() is latest where nothing is named, none where only a digest is", () => {
  const tag = (text: string) => targetTag(parseReference(text));
  strictEqual(tag("ocidir://a"), "latest");
  strictEqual(tag("ocidir://a:v1"), "v1");
  strictEqual(tag(`r.example/a:v1@${ONE}`), "v1");
  strictEqual(tag(`r.example/a@${ONE}`), undefined);
});

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
