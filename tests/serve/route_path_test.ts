import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { routePath } from "../../src/serve/route_path.ts";

/** Name parts, with the words of the API among them: they are valid names too. */
const part = fc.oneof(
  fc.constantFrom("manifests", "blobs", "uploads", "tags", "list", "referrers"),
  fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,4})?$/),
);
const name = fc.array(part, { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join("/"));
const last = fc.oneof(
  fc.constantFrom("list", "uploads", "latest", "blobs"),
  fc.stringMatching(/^[\w.-]{1,20}$/),
  fc.stringMatching(/^sha256(?::|%3A)[0-9a-f]{64}$/),
);

for (
  const [ending, endpoint] of [
    ["manifests", last],
    ["referrers", last],
    ["blobs/uploads", last],
    ["blobs", last.filter((text) => text !== "uploads")],
  ] as const
) {
  Deno.test(`routePath() finds the name before /${ending}/, whatever the name`, () => {
    fc.assert(fc.property(name, endpoint, (name, last) => {
      strictEqual(
        routePath(`/v2/${name}/${ending}/${last}`),
        `/v2/${encodeURIComponent(name)}/${ending}/${last}`,
      );
    }));
  });
}

Deno.test("routePath() finds the name before /tags/list and /blobs/uploads/", () => {
  fc.assert(fc.property(name, (name) => {
    const escaped = encodeURIComponent(name);
    strictEqual(
      routePath(`/v2/${name}/tags/list`),
      `/v2/${escaped}/tags/list`,
    );
    strictEqual(
      routePath(`/v2/${name}/blobs/uploads/`),
      `/v2/${escaped}/blobs/uploads/`,
    );
    strictEqual(
      routePath(`/v2/${name}/blobs/uploads`),
      `/v2/${escaped}/blobs/uploads/`,
    );
  }));
});

Deno.test("routePath() leaves one segment before an endpoint, whatever comes in", () => {
  fc.assert(fc.property(fc.webPath({ size: "small" }), (path) => {
    const routed = routePath(`/v2${path}`);
    if (routed === `/v2${path}`) return;
    const [, version, name = "", ...rest] = routed.split("/");
    strictEqual(version, "v2");
    strictEqual(rest.length >= 2 && rest.length <= 3, true);
    const asked = `/v2/${decodeURIComponent(name)}/${rest.join("/")}`;
    strictEqual([`/v2${path}`, `/v2${path}/`].includes(asked), true);
  }));
});

Deno.test("routePath() leaves other paths alone", () => {
  for (
    const path of [
      "/",
      "/v2",
      "/v2/",
      "/v2/_catalog",
      "/v2/a/b",
      "/v3/a/tags/list",
    ]
  ) {
    strictEqual(routePath(path), path);
  }
});
