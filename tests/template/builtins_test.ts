import { strictEqual, throws } from "node:assert/strict";
import { renderTemplate, valueFromJson } from "../../src/template/mod.ts";
import { prepareArgument } from "../../src/template/builtins.ts";
import { basicType } from "../../src/template/make_type.ts";
import { ANY, INT } from "../../src/template/type.ts";
import { intValue } from "../../src/template/value.ts";

const data = valueFromJson('{"l":[1,2,3],"m":{"k":{"x":"y"}},"s":"héllo"}');
const run = (text: string) => renderTemplate(text, data);

Deno.test("index goes into lists and maps", () => {
  strictEqual(
    run('{{index .l 1}}{{index .m "k" "x"}}{{index .m "none"}}'),
    "2y<no value>",
  );
  throws(
    () => run("{{index .l 3}}"),
    /error calling index: reflect: slice index out of range/,
  );
  throws(() => run("{{index .l 9}}"), /index out of range: 9/);
  throws(() => run("{{index 1 0}}"), /can't index item of type int/);
});

Deno.test("slice cuts by bytes, up to the capacity", () => {
  strictEqual(
    run("{{slice .s 0 3}}{{slice .l 1}}{{slice (slice .l 0 1) 0 3}}"),
    "hé[2 3][1 2 3]",
  );
  throws(() => run("{{slice .l 2 1}}"), /invalid slice index: 2 > 1/);
  throws(() => run("{{slice (slice .l 0 1 1) 0 2}}"), /index out of range: 2/);
});

Deno.test("len counts bytes and elements", () => {
  strictEqual(run("{{len .s}} {{len .l}} {{len .m}}"), "6 3 1");
  throws(() => run("{{len 3}}"), /len of type int/);
});

Deno.test("and, or and not give what decides and look no further", () => {
  strictEqual(
    run('{{and 1 0 (index .l 9)}} {{or 0 "x" (index .l 9)}} {{not .nope}}'),
    "0 x true",
  );
});

Deno.test("prepareArgument() converts integers and refuses the rest", () => {
  const int8 = basicType("int8") ?? ANY;
  strictEqual(prepareArgument(intValue(300), int8).int, 44n);
  throws(
    () => prepareArgument(undefined, INT),
    /value is nil; should be of type int/,
  );
});
