import { deepStrictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { isRegError } from "../../../src/base/errors.ts";
import { parseChallenges } from "../../../src/registry/http/challenge.ts";

const read = (text: string) =>
  parseChallenges(text).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);

Deno.test("parseChallenges() reads schemes, parameters and several challenges in a line", () => {
  deepStrictEqual(
    read(
      'Bearer realm="https://auth.example/token",service="reg, one",scope="repository:a:pull,push", Basic realm=plain',
    ),
    [
      ["bearer", {
        realm: "https://auth.example/token",
        service: "reg, one",
        scope: "repository:a:pull,push",
      }],
      ["basic", { realm: "plain" }],
    ],
  );
});

Deno.test("parseChallenges() takes escapes, spaces around signs, and odd case", () => {
  deepStrictEqual(read('BASIC Realm = "a\\"b\\\\c"'), [
    ["basic", { realm: 'a"b\\c' }],
  ]);
});

Deno.test("parseChallenges() skips a token in place of parameters", () => {
  deepStrictEqual(read("Negotiate YII=, Basic realm=x"), [
    ["negotiate", {}],
    ["basic", { realm: "x" }],
  ]);
});

Deno.test("parseChallenges() refuses what is no challenge", () => {
  for (const text of ['realm="x"', 'Bearer realm="x', "=", "Basic {"]) {
    throws(
      () => parseChallenges(text),
      (error) => isRegError(error, "unauthorized"),
      text,
    );
  }
  throws(
    () => parseChallenges(`Basic realm=${"x".repeat(20_000)}`),
    /too long/,
  );
});

Deno.test("parseChallenges() gives back any parameters that were quoted", () => {
  const name = fc.stringMatching(/^[a-z]{1,10}$/);
  // deno-lint-ignore no-control-regex
  const value = fc.string().filter((text) => !/[\x00-\x1f]/.test(text));
  fc.assert(fc.property(fc.dictionary(name, value, { minKeys: 1 }), (given) => {
    const text = Object.entries(given).map(([key, value]) =>
      `${key}="${value.replace(/["\\]/g, "\\$&")}"`
    ).join(", ");
    deepStrictEqual(read(`Bearer ${text}`), [["bearer", { ...given }]]);
  }));
});

Deno.test("parseChallenges() ends for any text, with challenges or one error", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    try {
      parseChallenges(text);
    } catch (error) {
      if (!isRegError(error, "unauthorized")) throw error;
    }
  }));
});
