import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type JsonReader, readJson } from "../../src/config/json_reader.ts";

const read = <T>(text: string, read: (reader: JsonReader) => T) =>
  readJson(text, { file: "c.json", read });

Deno.test("readJson() names line and column of broken JSON", async () => {
  await rejects(() => read('{\n  "a": }', () => 0), {
    code: "config",
    message: 'c.json:2:8: unexpected "}" in JSON',
  });
  await rejects(() => read('{\n"a"', () => 0), {
    message: "c.json:2:4: unexpected end of JSON",
  });
});

Deno.test("readJson() names file, line, column and key of a wrong value", async () => {
  await rejects(
    () =>
      read(
        '{\n  "A": {"b": ["x", 1]}\n}',
        (r) => r.fields(["a"]).of("a").fields(["b"]).of("b").list(),
      ),
    { message: "c.json:2:20: A.b.1: expected text, found 1" },
  );
});

Deno.test("readJson() finds the first wrong character of any cut or changed JSON", async () => {
  await fc.assert(fc.asyncProperty(
    fc.json({ maxDepth: 4 }).filter((text) => /^[{["]/.test(text)),
    fc.nat(),
    async (text, at) => {
      const cut = text.slice(0, at % text.length);
      if (cut !== "") {
        await rejects(() => read(cut, () => 0), /unexpected/);
      }
      strictEqual(await read(`${text} ?`, () => 1), 1);
    },
  ));
});

Deno.test("readJson() ignores what follows the first value", async () => {
  strictEqual(
    await read('{"a":1} trailing', (r) => r.fields(["a"]).of("a").number()),
    1,
  );
});

Deno.test("JsonReader prefers the exact key over another letter case", async () => {
  const { known, unknown } = await read(
    '{"ABC":1,"abc":2,"Abc":3,"x":4}',
    (r) => {
      const { of, unknown } = r.fields(["abc"]);
      return { known: of("abc").number(), unknown };
    },
  );
  deepStrictEqual({ known, unknown }, { known: 2, unknown: { x: 4 } });
});

Deno.test("JsonReader does not print what may be a secret", async () => {
  const secret = "s".repeat(50);
  await rejects(
    () => read(`"${secret}"`, (r) => r.integer(0)),
    (error: Error) => !error.message.includes(secret),
  );
  for (const text of ['{"pass":12345}', '{"Token":["12345"]}']) {
    await rejects(
      () => read(text, (r) => r.entries().map(([, value]) => value.text())),
      (error: Error) => !error.message.includes("12345"),
    );
  }
});

Deno.test("readJson() takes the mark of an editor, and no other odd blank", async () => {
  strictEqual(await read('\ufeff{"a":1}', () => 1), 1);
  for (const blank of ["\u00a0", "\u2028", "\v", "\ufeff\ufeff"]) {
    await rejects(
      () => read(`${blank}{"pass":"SECRET"}`, () => 1),
      (error: Error) =>
        /:1:[12]: unexpected/.test(error.message) &&
        !error.message.includes("SECRET"),
    );
  }
});
