import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { ApiError } from "../../src/serve/api_error.ts";
import { compareNames, pageOf } from "../../src/serve/pages.ts";

const BASE = "http://localhost/v2/app/tags/list";

/** Follows the links from the first page to the last. */
function walk(
  names: readonly string[],
  query: string,
  limit: number,
): string[] {
  const all: string[] = [];
  let url: URL | undefined = new URL(`${BASE}${query}`);
  while (url) {
    const page = pageOf(names, url, limit);
    all.push(...page.names);
    const link = /^<(.+)>; rel="next"$/.exec(page.headers["link"] ?? "");
    url = link?.[1] === undefined ? undefined : new URL(link[1], BASE);
  }
  return all;
}

Deno.test("pageOf() gives each name once, whatever the size of the pages", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[\w.-]{1,12}$/))
    .map((list) => list.sort(compareNames));
  const size = fc.integer({ min: 1, max: 7 });
  fc.assert(fc.property(names, size, size, (names, n, limit) => {
    deepStrictEqual(walk(names, `?n=${n}`, limit), names);
    deepStrictEqual(walk(names, "", limit), names);
  }));
});

Deno.test("pageOf() starts after `last`, be it in the list or not", () => {
  const names = ["a", "c", "e"];
  const after = (last: string) =>
    pageOf(names, new URL(`${BASE}?last=${last}`), 10).names;
  deepStrictEqual(after("a"), ["c", "e"]);
  deepStrictEqual(after("b"), ["c", "e"]);
  deepStrictEqual(after("e"), []);
});

Deno.test("pageOf() keeps other parameters in the link", () => {
  const url = new URL(`${BASE}?n=1&x=y%26z`);
  strictEqual(
    pageOf(["a", "b"], url, 10).headers["link"],
    '</v2/app/tags/list?n=1&x=y%26z&last=a>; rel="next"',
  );
});

Deno.test("pageOf() answers n=0 with nothing, and refuses what is no number", () => {
  deepStrictEqual(pageOf(["a"], new URL(`${BASE}?n=0`), 10), {
    names: [],
    headers: {},
  });
  for (const n of ["-1", "x", "1.5"]) {
    throws(
      () => pageOf(["a"], new URL(`${BASE}?n=${n}`), 10),
      (error) => error instanceof ApiError && error.status === 400,
    );
  }
});
