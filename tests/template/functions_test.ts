import { strictEqual, throws } from "node:assert/strict";
import { renderTemplate, valueOf } from "../../src/template/mod.ts";

const run = (text: string, data?: unknown, options = {}) =>
  renderTemplate(text, valueOf(data), options);

Deno.test("default takes the place of nil and of zero values", () => {
  strictEqual(
    run(
      '{{default "d" ""}}{{"x" | default "d"}}{{default 1 .nope}}{{default "d" 0}}',
      {},
    ),
    "dx1d",
  );
  throws(
    () => run('{{default "d" .}}', ["a"]),
    /comparing uncomparable type \[\]interface \{\}/,
  );
});

Deno.test("env and file read what the caller allows, and nothing fails", () => {
  const options = {
    env: (name: string) => name === "A" ? "é" : undefined,
    readFile: (path: string) => {
      if (path !== "f") throw new Error("no");
      return "\n text \n\n";
    },
  };
  strictEqual(
    run('{{env "A"}}{{env "B"}}|{{file "f"}}|{{file "g"}}', undefined, options),
    "é|text|",
  );
  strictEqual(run('{{env "HOME"}}{{file "/etc/passwd"}}'), "");
});

Deno.test("join, split, lower, upper, title and trimSpace change text", () => {
  strictEqual(
    run('{{join (split "a,b" ",") "-"}} {{split "éa" "" | len}}'),
    "a-b 2",
  );
  strictEqual(
    run(
      '{{upper "straße ǆ"}}|{{lower "ÀİB"}}|{{title "hello wOrld foo_bar x-y é"}}|{{trimSpace "\\t a\\u00a0"}}',
    ),
    "STRAßE Ǆ|àib|Hello WOrld Foo_bar X-Y É|a",
  );
});

Deno.test("json and jsonPretty end with a newline and print nothing for what fails", () => {
  strictEqual(
    run("{{json .}}{{jsonPretty .}}{{json nil}}", { a: ["<"] }),
    '{"a":["<"]}\n{\n  "a": [\n    "<"\n  ]\n}\nnull\n',
  );
  strictEqual(run("{{json 1i}}|"), "|");
});

Deno.test("printPretty falls back to JSON", () => {
  strictEqual(run("{{printPretty .}}", []), "[]\n");
});

Deno.test("time gives instants", () => {
  strictEqual(
    run('{{(time.Parse "2006-01-02" "2020-06-07").Unix}}'),
    "1591488000",
  );
  throws(
    () => run('{{time.Parse "1970-12-31" "2020-06-07"}}'),
    /error calling Parse: parsing time "2020-06-07"/,
  );
});

Deno.test("split makes no list that is too large to hold", () => {
  const grown = '{{$x := "a,"}}{{range 12}}{{$x = print $x $x}}{{end}}';
  const limits = { maxBytes: 100_000 };
  for (const mark of ["", ","]) {
    throws(
      () =>
        renderTemplate(
          `${grown}{{len (split $x "${mark}")}}`,
          undefined,
          limits,
        ),
      { code: "limit" },
    );
  }
  strictEqual(
    renderTemplate(`${grown}{{len (split $x "a,a,a,a,")}}`, undefined, limits),
    "1025",
  );
});
