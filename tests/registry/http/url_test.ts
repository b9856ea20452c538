import { strictEqual, throws } from "node:assert/strict";
import { urlOf } from "../../../src/registry/http/url.ts";

const href = (path: string, repository?: string, host = {}) =>
  urlOf({ path, repository }, { name: "r.example", ...host }).href;

Deno.test("urlOf() puts scheme, host, prefix and repository together", () => {
  strictEqual(href("tags/list", "a/b"), "https://r.example/v2/a/b/tags/list");
  strictEqual(
    href("tags/list?n=1", "a", {
      tls: "disabled",
      hostname: "h:5000",
      pathPrefix: "/p/q/",
    }),
    "http://h:5000/v2/p/q/a/tags/list?n=1",
  );
});

Deno.test("urlOf() keeps the prefix out of the ping and the catalog", () => {
  strictEqual(
    href("", undefined, { pathPrefix: "p" }),
    "https://r.example/v2/",
  );
  strictEqual(
    href("_catalog", undefined, { pathPrefix: "p" }),
    "https://r.example/v2/_catalog",
  );
});

Deno.test("urlOf() takes an address as it is, and a registry's own by https", () => {
  strictEqual(
    href("https://cdn.example/x?y=1", "a"),
    "https://cdn.example/x?y=1",
  );
  strictEqual(href("http://cdn.example/x", "a"), "http://cdn.example/x");
  strictEqual(
    href("http://r.example/v2/u?s=1", "a"),
    "https://r.example/v2/u?s=1",
  );
  strictEqual(
    href("http://r.example/v2/u", "a", { hostname: "r.example:8443" }),
    "https://r.example:8443/v2/u",
  );
  strictEqual(href("http://r.example:5000/u", "a"), "http://r.example:5000/u");
});

Deno.test("urlOf() refuses a host that makes no URL", () => {
  throws(() => href("", undefined, { hostname: "a b" }), {
    code: "config",
    message: /Cannot make a URL/,
  });
  throws(() => href("", undefined, { name: "a:99999" }), { code: "reference" });
});
