import { strictEqual } from "node:assert/strict";
import {
  renderTemplate,
  structType,
  TemplateError,
  wrap,
} from "../../src/template/mod.ts";

function hintOf(text: string): string | undefined {
  try {
    renderTemplate(text, wrap(structType("pkg.T"), {}));
  } catch (error) {
    if (error instanceof TemplateError) return error.hint;
  }
  return undefined;
}

Deno.test("templateHint() helps where it can", () => {
  strictEqual(
    hintOf('{{time.Parse "1970-12-31" "2020-06-07"}}')?.includes("2006-01-02"),
    true,
  );
  strictEqual(hintOf("{{.digest}}")?.includes("capital"), true);
  strictEqual(hintOf('{{join "," .}}')?.includes("list first"), true);
});

Deno.test("templateHint() is silent where it cannot help", () => {
  strictEqual(hintOf("{{.Digest}}"), undefined);
  strictEqual(hintOf("{{index nil 1}}"), undefined);
});
