import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { listPages, nameLines } from "../../../src/cmd/regctl/list_pages.ts";
import type { ListOptions, Page } from "../../../src/registry/core.ts";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

const pageOf = (name: string): Page => ({
  names: [name],
  bytes: new TextEncoder().encode(name),
});

Deno.test("listPages() gives all names, and the last page", async () => {
  const asked: ListOptions[] = [];
  const list = (options: ListOptions) => {
    asked.push(options);
    return ReadableStream.from([pageOf("b"), pageOf("a")]);
  };
  const flags = { last: "x", limit: 5 };
  const { names, page } = await listPages(list, flags, {});
  deepStrictEqual([names, page], [["b", "a"], pageOf("a")]);
  await listPages(list, { last: undefined, limit: 0 }, {});
  await listPages(list, { last: undefined, limit: -1 }, {});
  deepStrictEqual(asked.map(({ limit }) => limit), [5, undefined, undefined]);
  strictEqual(asked[0]?.last, "x");
});

Deno.test("nameLines() sorts by bytes", () => {
  strictEqual(nameLines(["b", "a", "B"]), "B\na\nb\n");
});

Deno.test("tag ls and repo ls list all where the limit is nothing", async () => {
  await using b = await bench();
  const ref = `${b.host}/a:v1`;
  await b.ok(["image", "copy", await b.layout(await image()), ref]);
  for (const limit of ["0", "-1"]) {
    const tags = ["tag", "ls", `${b.host}/a`, "--limit", limit];
    strictEqual(await b.ok(tags), "v1\n");
    strictEqual(await b.ok(["repo", "ls", b.host, "--limit", limit]), "a\n");
  }
});
