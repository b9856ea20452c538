import { strictEqual } from "node:assert/strict";
import { toByteString } from "../../src/template/byte_string.ts";
import {
  escapeHtml,
  escapeQuery,
  escapeScript,
} from "../../src/template/escape.ts";
import { renderTemplate } from "../../src/template/mod.ts";

Deno.test("escapeHtml() escapes what has a meaning", () => {
  strictEqual(
    escapeHtml(`<a href="x">'&\0`),
    "&lt;a href=&#34;x&#34;&gt;&#39;&amp;\xef\xbf\xbd",
  );
});

Deno.test("escapeScript() escapes quotes, signs and what cannot be printed", () => {
  strictEqual(
    escapeScript(toByteString("a'\"\\<>&=\n\u200bé")),
    toByteString("a\\'\\\"\\\\\\u003C\\u003E\\u0026\\u003D\\u000A\\u200Bé"),
  );
});

Deno.test("escapeQuery() escapes bytes, and spaces as plus", () => {
  strictEqual(escapeQuery(toByteString("a b&é/~")), "a+b%26%C3%A9%2F~");
});

Deno.test("html prints its arguments as print does", () => {
  strictEqual(
    renderTemplate('{{html 1 2 "<"}} {{html nil}}', undefined),
    "1 2&lt; &lt;no value&gt;",
  );
});
