import { strictEqual, throws } from "node:assert/strict";
import {
  functionOf,
  INT,
  pointerTo,
  renderTemplate,
  sliceOf,
  STRING,
  stringValue,
  structType,
  TemplateError,
  valueOf,
  wrap,
} from "../../src/template/mod.ts";

const item = structType("pkg.Item", {
  fields: () => [
    { name: "Name", type: STRING },
    { name: "secret", type: STRING, unexported: true },
    { name: "Next", type: pointerTo(item) },
  ],
  methods: () => [{
    name: "Join",
    type: functionOf([STRING, sliceOf(INT)], [STRING], { variadic: true }),
    call: (_, [first, ...rest]) =>
      stringValue(`${first?.string}${rest.map((each) => each?.int)}`),
  }],
});
const data = wrap(pointerTo(item), { Name: "n" });
const run = (text: string) => renderTemplate(text, data);

Deno.test("fields, methods and arguments are found as in Go", () => {
  strictEqual(
    run('{{.Name}}{{.Join "a" 1 2}}{{3 | .Join "b"}}{{.Join "c" | len}}'),
    "na1,2b31",
  );
});

Deno.test("what is not there fails with Go's text", () => {
  throws(() => run("{{.Nope}}"), (error) =>
    error instanceof TemplateError &&
    error.message ===
      `template: out:1:2: executing "out" at <.Nope>: can't evaluate field Nope in type *pkg.Item` &&
    error.place.missing?.field === "Nope");
  throws(
    () => run("{{.secret}}"),
    /secret is an unexported field of struct type \*pkg\.Item/,
  );
  throws(
    () => run("{{.Next.Name}}"),
    /nil pointer evaluating \*pkg\.Item\.Name/,
  );
  throws(
    () => run("{{.Name 1}}"),
    /Name has arguments but cannot be invoked as function/,
  );
  throws(
    () => run("{{.Join}}"),
    /wrong number of args for Join: want at least 1 got 0/,
  );
  throws(() => run("{{.Join 1}}"), /expected string; found 1/);
  throws(() => run("{{nil}}"), /nil is not a command/);
});

Deno.test("missingKey decides what a missing key gives", () => {
  const map = valueOf({ a: 1 });
  strictEqual(renderTemplate("{{.b}}", map), "<no value>");
  strictEqual(
    renderTemplate("{{.b}}", map, { missingKey: "zero" }),
    "<no value>",
  );
  throws(
    () => renderTemplate("{{.b}}", map, { missingKey: "error" }),
    /map has no entry for key "b"/,
  );
});
