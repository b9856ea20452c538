import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { RegError } from "../../src/base/errors.ts";
import {
  addDigest,
  commonName,
  isComplete,
  isRepositorySet,
  isSameRepository,
  parseHost,
  parseReference,
  tagOrDigest,
  toRegistryReference,
  withDigest,
  withTag,
} from "../../src/registry/reference.ts";

const D = `sha256:${"0a".repeat(32)}`;
const HUB = "docker.io";
const NGINX = "library/nginx";

/** Input, then registry, repository, tag, digest. */
const VALID: readonly (readonly [string, string, string, string, string?])[] = [
  ["nginx", HUB, NGINX, "latest"],
  ["nginx:1.25", HUB, NGINX, "1.25"],
  ["docker.io/nginx", HUB, NGINX, "latest"],
  ["index.docker.io/nginx", HUB, NGINX, "latest"],
  ["registry-1.docker.io/foo/bar", HUB, "foo/bar", "latest"],
  ["a/b/c:t", HUB, "a/b/c", "t"],
  ["localhost/foo", "localhost", "foo", "latest"],
  ["localhost:5000/foo", "localhost:5000", "foo", "latest"],
  ["foo:5000", HUB, "library/foo", "5000"],
  ["foo:5000/bar", "foo:5000", "bar", "latest"],
  ["foo/bar:5000", HUB, "foo/bar", "5000"],
  ["example.com", HUB, "library/example.com", "latest"],
  ["example.com/repo", "example.com", "repo", "latest"],
  ["example./repo", "example.", "repo", "latest"],
  ["EXAMPLE/repo", "EXAMPLE", "repo", "latest"],
  ["aB/c", "aB", "c", "latest"],
  ["Ab/c", "Ab", "c", "latest"],
  ["ex-A/repo", "ex-A", "repo", "latest"],
  ["127.0.0.1/x", "127.0.0.1", "x", "latest"],
  ["[::1]/x", "[::1]", "x", "latest"],
  ["[::1]:5000/x", "[::1]:5000", "x", "latest"],
  ["[fe80::]/x", "[fe80::]", "x", "latest"],
  [`nginx@${D}`, HUB, NGINX, "", D],
  [`nginx:1@${D}`, HUB, NGINX, "1", D],
  ...[
    `sha512:${"b".repeat(128)}`,
    `md5:${"c".repeat(32)}`,
    `sha256:${"d".repeat(33)}`,
    `SHA256:${"E".repeat(64)}`,
    `sha256+b64u:${"f".repeat(64)}`,
  ].map((d) => [`nginx@${d}`, HUB, NGINX, "", d] as const),
  ["nginx:_a", HUB, NGINX, "_a"],
  [`nginx:${"x".repeat(128)}`, HUB, NGINX, "x".repeat(128)],
  ["nginx:UPPER", HUB, NGINX, "UPPER"],
  ["a__b", HUB, "library/a__b", "latest"],
  ["a--b", HUB, "library/a--b", "latest"],
  ["reg.io:99999999/a", "reg.io:99999999", "a", "latest"],
  ["reg_io.com/a", HUB, "reg_io.com/a", "latest"],
  ["xn--bcher-kva.example/a", "xn--bcher-kva.example", "a", "latest"],
  ["a".repeat(300), HUB, `library/${"a".repeat(300)}`, "latest"],
];

/** Input, then path, tag, digest. */
const LAYOUTS: readonly (readonly [string, string, string, string?])[] = [
  ["ocidir://a", "a", ""],
  ["ocidir:///a/b:c", "/a/b", "c"],
  ["ocidir://../a:v1", "../a", "v1"],
  ["ocidir://a b", "a b", ""],
  ["ocidir://a~/+b", "a~/+b", ""],
  [`ocidir://a:b@${D}`, "a", "b", D],
  ["ocifile://a.tar:v1", "a.tar", "v1"],
];

const PLAINLY_INVALID = [
  ...["localhost", "localhost:5000", "localhost:tag", "[fe80::1%eth0]/x"],
  ...["[1::2::3]/x", "::1/x", "nginx@sha256:abc", "nginx:", "nginx@", "", " "],
  ...["nginx:-a", "nginx:.a", `nginx:${"x".repeat(129)}`, "a___b", "a..b"],
  ...["a.-b", "a_.b", "a-/b", "docker-.io/a", "OCIDIR://a", "reg.io:port/a"],
  ...["reg.io//a", "/nginx", "a/", "exämple.com/a", "ocidir://", "nginx\n"],
  ...["[::ffff:1.2.3.4]/x", "[]/x", "[:]/x", "[12345::]/x"],
];

const INVALID: readonly (readonly [string, RegExp])[] = [
  ...PLAINLY_INVALID.map((text) => [text, /^invalid reference "/] as const),
  ["A/c", /^invalid reference "A\/c", repo must be lowercase$/],
  ["docker.io/Upper/x", /, repo must be lowercase$/],
  ["http://reg/foo", /unknown scheme "http" in "http:\/\/reg\/foo"$/],
  ["docker://nginx", /unknown scheme "docker"/],
  ["oci://x", /unknown scheme "oci"/],
  ["ocidir://C:/foo", /, invalid path for scheme "ocidir": C:\/foo$/],
  ["ocidir://a*b", /invalid path for scheme "ocidir": a\*b$/],
  ["ocidir://a:b:c", /invalid path for scheme "ocidir": a:b:c$/],
];

for (const [text, registry, repository, tag, digest = ""] of VALID) {
  Deno.test(`parseReference() reads ${text.slice(0, 60)}`, () => {
    deepStrictEqual(parseReference(text), {
      scheme: "reg",
      reference: text,
      registry,
      repository,
      tag,
      digest,
      path: "",
    });
  });
}

for (const [text, path, tag, digest = ""] of LAYOUTS) {
  Deno.test(`parseReference() reads ${text.slice(0, 60)}`, () => {
    const ref = parseReference(text, { windows: false });
    deepStrictEqual([ref.path, ref.tag, ref.digest], [path, tag, digest]);
    strictEqual(ref.scheme, text.slice(0, text.indexOf(":")));
  });
}

for (const [text, message] of INVALID) {
  Deno.test(`parseReference() refuses ${JSON.stringify(text.slice(0, 60))}`, () => {
    throws(() => parseReference(text, { windows: false }), {
      code: "reference",
      message,
    });
  });
}

Deno.test("parseReference() takes drive letters where asked", () => {
  const ref = parseReference("ocidir://C:\\images\\app:v1", { windows: true });
  deepStrictEqual([ref.path, ref.tag], ["C:\\images\\app", "v1"]);
});

Deno.test("parseReference() reads its own canonical text as the same reference", () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,6}$/);
  const repository = fc.array(word, { minLength: 2, maxLength: 4 })
    .map((parts) => parts.join("/"));
  const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,9}$/);
  const registry = fc.constantFrom("ghcr.io", "localhost:5000", "[::1]:5");
  fc.assert(fc.property(registry, repository, tag, (host, name, label) => {
    const ref = parseReference(`${host}/${name}:${label}`);
    deepStrictEqual(parseReference(commonName(ref)), ref);
  }));
});

Deno.test("parseReference() answers any text with a reference or one error", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    try {
      parseReference(text);
    } catch (error) {
      strictEqual(error instanceof RegError && error.code, "reference");
    }
  }));
});

Deno.test("withTag() drops the digest, withDigest() the tag, addDigest() neither", () => {
  const ref = parseReference(`reg.io/a:v1@${D}`);
  strictEqual(withTag(ref, "v2").reference, "reg.io/a:v2");
  strictEqual(withDigest(ref, D).reference, `reg.io/a@${D}`);
  const tagged = addDigest(parseReference("reg.io/a:v1"), D);
  strictEqual(tagged.reference, `reg.io/a:v1@${D}`);
});

Deno.test("tagOrDigest() prefers the digest, and falls back to latest", () => {
  strictEqual(tagOrDigest(parseReference(`a:v1@${D}`)), D);
  strictEqual(tagOrDigest(parseReference("ocidir://a")), "latest");
});

Deno.test("toRegistryReference() makes a layout's path a name that Docker takes", () => {
  const ref = toRegistryReference(parseReference("ocidir:///A b/../C_d:v1"));
  strictEqual(commonName(ref), "localhost/c-d:v1");
  const odd = toRegistryReference(parseReference("ocidir:///.x/_y_/z:v1"));
  strictEqual(commonName(odd), "localhost/x/y/z:v1");
});

Deno.test("parseHost() takes registries and layouts alone", () => {
  strictEqual(parseHost("localhost:5000").registry, "localhost:5000");
  strictEqual(parseHost("registry-1.docker.io").registry, "docker.io");
  strictEqual(parseHost("ocidir://a").path, "a");
  throws(() => parseHost("myhost"), /parsing failed "myhost"/);
  throws(() => parseHost("reg.io/repo"), /parsing failed/);
});

Deno.test("isComplete() wants a tag or digest of a registry, and a path of a layout", () => {
  strictEqual(isComplete(parseHost("reg.io")), false);
  strictEqual(isRepositorySet(parseHost("reg.io")), false);
  strictEqual(isComplete(parseReference("ocidir://a")), true);
  strictEqual(isComplete(parseReference("ocifile://a")), false);
});

Deno.test("isSameRepository() looks past tags", () => {
  const same = (a: string, b: string) =>
    isSameRepository(parseReference(a), parseReference(b));
  strictEqual(same("a:1", "a:2"), true);
  strictEqual(same("a", "b"), false);
  strictEqual(same("ocidir://a", "ocidir://a:1"), true);
});
