import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { describeToken, Lexer, type Token } from "../../src/template/lexer.ts";

function tokens(text: string): Token[] {
  const lexer = new Lexer(text);
  const found: Token[] = [];
  for (;;) {
    const token = lexer.next();
    found.push(token);
    if (token.kind === "eof" || token.kind === "error") return found;
  }
}

const kinds = (text: string) => tokens(text).map(({ kind }) => kind).join(" ");

Deno.test("Lexer cuts text and actions", () => {
  strictEqual(
    kinds("a{{$x := .F | print \"s\" `r` 'c' 1i nil}}"),
    "text {{ variable space := space field space | space identifier space string space raw space rune space number space nil }} eof",
  );
});

Deno.test("Lexer trims where there are markers, and counts lines all the same", () => {
  deepStrictEqual(
    tokens("a \n {{- 1 -}} \n b").map(({ text, line }) => [text, line]),
    [["a", 1], ["{{", 2], ["1", 2], ["}}", 2], ["b", 3], ["", 3]],
  );
  strictEqual(kinds("{{-1}}"), "{{ number }} eof");
  strictEqual(kinds("a {{- /* c */ -}} b"), "text text eof");
});

Deno.test("Lexer says what is wrong", () => {
  for (
    const [text, error] of [
      ["{{", "unclosed action"],
      ["{{/*", "unclosed comment"],
      ["{{/**/ }}", "comment ends before closing delimiter"],
      ['{{"a\n"}}', "unterminated quoted string"],
      ["{{.x!}}", "bad character U+0021 '!'"],
      ["{{1x}}", 'bad number syntax: "1x"'],
      ["{{(}}", "unclosed left paren"],
      ["{{)}}", "unexpected right paren"],
      ["{{\x01}}", "unrecognized character in action: U+0001"],
    ]
  ) strictEqual(tokens(text ?? "").at(-1)?.text, error);
});

Deno.test("describeToken() shortens what is long", () => {
  const [, , token] = tokens('{{ "0123456789abc" }}');
  strictEqual(token && describeToken(token), '"\\"012345678"...');
});
