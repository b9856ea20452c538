import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { TemplateError } from "../../src/template/errors.ts";
import { parseTemplate } from "../../src/template/parser.ts";

const hasFunction = (name: string) => name.length > 1;
const parse = (text: string) => parseTemplate(text, { hasFunction });

Deno.test("parseTemplate() keeps each template by its name", () => {
  const { trees } = parse('{{define "a"}}x{{end}}{{block "b" .}}y{{end}}');
  strictEqual([...trees.keys()].join(), "a,b,out");
});

Deno.test("parseTemplate() takes structures nested by the thousands", () => {
  const deep = 20_000;
  parse("{{if .}}".repeat(deep) + "{{end}}".repeat(deep));
  parse(`{{if .}}${"{{else if .}}".repeat(deep)}{{end}}`);
});

Deno.test("parseTemplate() refuses parentheses nested without end", () => {
  const nested = (deep: number) =>
    `{{${"(".repeat(deep)}1${")".repeat(deep)}}}`;
  parse(nested(1000));
  throws(() => parse(nested(1001)), /out:1: max expression depth exceeded/);
});

Deno.test("parseTemplate() names the line on which an action began", () => {
  throws(() => parse('{{\n"a'), {
    message:
      "template: out:2: unterminated quoted string in action started at out:1",
  });
  throws(() => parse("{{\n"), {
    message: "template: out:2: unclosed action started at out:1",
  });
});

const PIECES = [
  "{{",
  "}}",
  "{{- ",
  " -}}",
  "(",
  ")",
  "|",
  "if",
  "else",
  "end",
  "range",
  "with",
  "define",
  "template",
  "block",
  "break",
  "continue",
  "$x",
  ":=",
  "=",
  ",",
  ".F",
  ".",
  " ",
  "\n",
  '"a"',
  "`b`",
  "'c'",
  "1",
  "1.5e",
  "0x",
  "nil",
  "true",
  "print",
  "/*",
  "*/",
  "é",
  "\ud800",
  '"',
  "+",
  "i",
];

Deno.test("parseTemplate() gives a tree or one error with a line, for any text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) =>
      parts.join("")
    ),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((parts) =>
      `{{${parts.join(" ")}}}`
    ),
  );
  fc.assert(
    fc.property(text, (text) => {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        strictEqual(error.stage, "parse");
        strictEqual(/^template: out:[1-9]\d*: ./s.test(error.message), true);
      }
    }),
    { numRuns: 2000 },
  );
});
