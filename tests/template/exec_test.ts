import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  RegError,
  renderTemplate,
  TemplateError,
  valueOf,
} from "../../src/template/mod.ts";

const run = (text: string, data?: unknown) =>
  renderTemplate(text, valueOf(data));

Deno.test("range goes over lists, maps and integers, with break and continue", () => {
  strictEqual(
    run(
      "{{range $i, $v := .}}{{if eq $i 1}}{{continue}}{{end}}{{if eq $i 3}}{{break}}{{end}}{{$i}}{{$v}} {{end}}",
      ["a", "b", "c", "d"],
    ),
    "0a 2c ",
  );
  strictEqual(
    run("{{range 3}}{{.}}{{end}}{{range 0}}{{else}}none{{end}}"),
    "012none",
  );
  strictEqual(
    run("{{range .l}}{{range $.e}}{{else}}{{break}}{{end}}{{.}}{{end}}", {
      l: ["a", "b"],
      e: [],
    }),
    "ab",
  );
});

Deno.test("variables live until their structure ends", () => {
  strictEqual(
    run("{{$x := 1}}{{if true}}{{$x = 2}}{{$x := 3}}{{$x}}{{end}}{{$x}}"),
    "32",
  );
  strictEqual(run("{{$x := 0}}{{range $x = .}}{{end}}{{$x}}", [4, 5]), "5");
});

Deno.test("templates have their own variables and dot", () => {
  strictEqual(
    run(
      '{{define "t"}}[{{.}}{{$}}]{{end}}{{$x := 1}}{{template "t" .a}}{{template "t"}}',
      { a: "x" },
    ),
    "[xx][<no value><no value>]",
  );
  throws(() => run('{{template "none"}}'), /template "none" not defined/);
});

Deno.test("a deep value fails with an error of the template", () => {
  const deep = JSON.parse("[".repeat(50_000) + "]".repeat(50_000));
  throws(
    () => run("{{.}}", deep),
    (error) =>
      error instanceof TemplateError && /nested too deeply/.test(error.message),
  );
});

const PIECES = [
  "{{.}}",
  "{{.a}}",
  "{{index . 0}}",
  "{{range .}}",
  "{{range $i, $e := .}}",
  "{{if .}}",
  "{{with .a}}",
  "{{else}}",
  "{{end}}",
  "{{$x := .}}",
  "{{$x}}",
  "{{break}}",
  "{{continue}}",
  '{{define "t"}}',
  '{{template "t" .}}',
  "{{len .}}",
  "{{. | printf `%v %d`}}",
  "{{slice . 1}}",
  "{{eq . 1}}",
  "{{json .}}",
  "{{time.Now.Year}}",
  "text ",
];

Deno.test("any template ends, with output or one error with a position", () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((
    parts,
  ) => parts.join(""));
  fc.assert(
    fc.property(text, fc.jsonValue({ maxDepth: 3 }), (text, data) => {
      try {
        renderTemplate(text, valueOf(data), {
          timeoutMs: 1000,
          maxBytes: 100_000,
        });
      } catch (error) {
        if (!(error instanceof RegError)) throw error;
        if (error instanceof TemplateError) {
          strictEqual(/^template: out:\d+:/.test(error.message), true);
        }
      }
    }),
    { numRuns: 1000 },
  );
});
