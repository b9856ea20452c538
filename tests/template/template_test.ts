import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  executeTemplate,
  renderTemplate,
  Template,
  TemplateError,
  valueFromJson,
  valueOf,
} from "../../src/template/mod.ts";

Deno.test("renderTemplate() prints data from JSON", () => {
  const data = valueFromJson('{"b":[1,2.0,"x"],"a":null}');
  strictEqual(
    renderTemplate("{{range $k, $v := .}}{{$k}}={{$v}};{{end}}", data),
    "a=<no value>;b=[1 2 x];",
  );
});

Deno.test("renderTemplate() names line, column and action in errors", () => {
  throws(
    () => renderTemplate("a\n é{{len 3}}", undefined),
    (error) => {
      if (!(error instanceof TemplateError)) return false;
      strictEqual(
        error.message,
        'template: out:2:5: executing "out" at <len 3>: ' +
          "error calling len: len of type int",
      );
      deepStrictEqual([error.place.line, error.place.column], [2, 5]);
      return true;
    },
  );
});

Deno.test("executeTemplate() keeps what came before an error", () => {
  let out = "";
  const write = (bytes: Uint8Array) => {
    out += new TextDecoder().decode(bytes);
  };
  throws(() => executeTemplate("before {{index . 9}}", valueOf([]), { write }));
  strictEqual(out, "before ");
});

Deno.test("Template runs again with other data", () => {
  const template = new Template("{{.}}");
  const outputs: string[] = [];
  for (const text of ["one", "two"]) {
    template.execute(valueOf(text), {
      write: (bytes) => outputs.push(new TextDecoder().decode(bytes)),
    });
  }
  deepStrictEqual(outputs, ["one", "two"]);
});

Deno.test("renderTemplate() fails at 100,000 nested templates", () => {
  throws(
    () =>
      renderTemplate(
        '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}',
        undefined,
      ),
    /exceeded maximum template depth \(100000\)/,
  );
});

Deno.test("renderTemplate() stops at its limits", () => {
  const code = (
    text: string,
    options: Parameters<typeof renderTemplate>[2],
  ) => {
    try {
      renderTemplate(text, undefined, options);
    } catch (error) {
      if (error instanceof Error && "code" in error) return error.code;
    }
    return undefined;
  };
  strictEqual(
    code("{{range 100}}12345678901{{end}}", { maxBytes: 1000 }),
    "limit",
  );
  strictEqual(code('{{printf "%2000d" 1}}', { maxBytes: 1000 }), "limit");
  strictEqual(code("{{range 1000000000}}{{end}}", { timeoutMs: 1 }), "timeout");
  const signal = AbortSignal.abort(new Error("enough"));
  throws(
    () => renderTemplate("{{range 100000}}{{end}}", undefined, { signal }),
    /enough/,
  );
});
