import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { nextLink } from "../../../src/registry/http/link.ts";

const BASE = "https://registry.example/v2/a/tags/list?n=2";

Deno.test("nextLink() resolves the address against the answer's", () => {
  strictEqual(
    nextLink('</v2/a/tags/list?last=b&n=2>; rel="next"', BASE),
    "https://registry.example/v2/a/tags/list?last=b&n=2",
  );
});

Deno.test("nextLink() finds the one with the relation among several", () => {
  for (
    const header of [
      '</x>; rel="prev", </y>; title="a, b; c"; rel=next',
      "</y>;REL=next",
      "/y; rel=next",
      '</y>; rel="last next"',
    ]
  ) strictEqual(nextLink(header, BASE), "https://registry.example/y", header);
});

Deno.test("nextLink() knows none where there is none", () => {
  for (
    const header of [
      null,
      "",
      "</x>",
      '</x>; rel="prev"',
      "garbage <",
      "</x>; rel=nextish",
    ]
  ) strictEqual(nextLink(header, BASE), undefined, String(header));
});

Deno.test("nextLink() gives back any address that a server puts between brackets", () => {
  fc.assert(fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
    strictEqual(
      nextLink(`<${url}>; rel="next"`, BASE),
      new URL(url).href,
    );
  }));
});

Deno.test("nextLink() ends for any text", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    nextLink(text, BASE);
  }));
});
