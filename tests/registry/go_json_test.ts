import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  encodeGo,
  parseJson,
  quoteGo,
  SHAPES,
} from "../../src/registry/go_json.ts";

// What Go 1.24 prints for each: json.Marshal(string).
const QUOTED: readonly (readonly [string, string])[] = [
  ["<a href='b'>&", `"\\u003ca href='b'\\u003e\\u0026"`],
  ["\u2028\u2029", `"\\u2028\\u2029"`],
  ['\b\f\n\r\t\x01\x7f"\\/', `"\\b\\f\\n\\r\\t\\u0001\x7f\\"\\\\/"`],
  ["é😀", `"é😀"`],
  ["\ud800", `"\ufffd"`],
];

Deno.test("quoteGo() escapes what Go escapes", () => {
  for (const [text, quoted] of QUOTED) strictEqual(quoteGo(text), quoted);
});

Deno.test("encodeGo() writes keys in Go's order, zero values, and unknown keys at the end", () => {
  strictEqual(
    encodeGo({
      annotations: { b: "2", a: "1", "10": "x", "9": "y" },
      extra: { z: 1, a: [true, null] },
      config: { size: 2, digest: "sha256:a" },
      schemaVersion: 2,
    }, SHAPES.ociManifest),
    `{"schemaVersion":2,"config":{"mediaType":"","digest":"sha256:a","size":2},"layers":null,` +
      `"annotations":{"10":"x","9":"y","a":"1","b":"2"},"extra":{"z":1,"a":[true,null]}}`,
  );
});

Deno.test("encodeGo() leaves out a config without content and keeps an absent rootfs", () => {
  strictEqual(
    encodeGo({
      os: "linux",
      config: { Env: [], Labels: {}, User: "" },
      created: "2020-01-02T03:04:05.1230000+00:00",
      history: [{
        created: "2020-01-02T03:04:05.000+02:00",
        empty_layer: true,
      }],
    }, SHAPES.imageConfig),
    `{"created":"2020-01-02T03:04:05.123Z","architecture":"","os":"linux",` +
      `"rootfs":{"type":"","diff_ids":null},` +
      `"history":[{"created":"2020-01-02T03:04:05+02:00","empty_layer":true}]}`,
  );
});

Deno.test("encodeGo() sorts the keys of a map by their bytes", () => {
  strictEqual(
    encodeGo({ "😀": 1, "\uffee": 2, z: 3 }, { map: "any" }),
    `{"z":3,"\uffee":2,"😀":1}`,
  );
});

Deno.test("parseJson() keeps the text of numbers that JavaScript would change", () => {
  const text = `{"a":1.0,"b":12345678901234567890,"c":1e2,"d":-0,"e":[1,2.5]}`;
  strictEqual(encodeGo(parseJson(text)), text);
  for (const number of ["1.0", "-0", "1e2", "12345678901234567890"]) {
    for (const around of ["@", "[@]", "[1, @]", `{"a" :\n@}`]) {
      const odd = around.replace("@", number);
      strictEqual(encodeGo(parseJson(odd)), odd.replace(/[ \n]/g, ""));
    }
  }
});

Deno.test("encodeGo() and parseJson() keep every value", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = encodeGo(value);
    strictEqual(
      JSON.stringify(parseJson(text), (_, item) => item?.text ?? item),
      JSON.stringify(JSON.parse(text)).replaceAll("\ud800", "\ufffd"),
    );
  }));
});
