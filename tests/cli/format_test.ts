import { rejects, strictEqual, throws } from "node:assert/strict";
import {
  checkFormat,
  headerText,
  print,
  type Printable,
} from "../../src/cli/format.ts";
import { memoryIo } from "../support/cli.ts";

const value: Printable = {
  plain: ["{{printPretty .}}"],
  text: () => "pretty\n",
  view: () => ({ A: 1 }),
  json: () => '{"a":1}\n',
  headers: new Headers({ "x-b": "2", "content-type": "x" }),
  body: () => new TextEncoder().encode("body"),
};

async function printed(
  flags: { format?: string; output?: string },
  change: Partial<Printable> = {},
  stdoutTerminal = false,
): Promise<string> {
  const { io, out } = memoryIo({ stdoutTerminal });
  await print(io, {
    flags: { format: flags.format, output: flags.output },
    given: new Set(Object.keys(flags)),
    signal: io.signal,
  }, { ...value, ...change });
  return out.text;
}

Deno.test("print() takes the special words", async () => {
  strictEqual(await printed({}), "pretty\n");
  strictEqual(await printed({ format: "{{printPretty .}}" }), "pretty\n");
  for (const word of ["body", "rawBody", "raw-body"]) {
    strictEqual(await printed({ format: word }), "body");
  }
  for (const word of ["headers", "rawHeaders", "raw-headers"]) {
    strictEqual(await printed({ format: word }), "Content-Type: x\nX-B: 2\n");
  }
  strictEqual(
    await printed({ format: "raw" }),
    "Content-Type: x\nX-B: 2\n\nbody",
  );
  strictEqual(await printed({ output: "json" }), '{"a":1}\n');
});

Deno.test("print() shows no headers where there are none: a layout", async () => {
  strictEqual(
    await printed({ format: "raw" }, { headers: undefined }),
    "\nbody",
  );
});

Deno.test("print() lets nothing steer a terminal, and changes nothing else", async () => {
  const evil = "\x1b[2J\x9b";
  const change: Partial<Printable> = {
    text: () => `${evil}\n`,
    view: () => ({ A: evil }),
    json: () => JSON.stringify(evil),
    headers: new Headers({ "x-b": "\x9b" }),
    body: () => new TextEncoder().encode(evil),
  };
  const cases = [
    [{}, `${evil}\n`, "\\x1b[2J\\x9b\n"],
    [{ format: "{{.A}}" }, evil, "\\x1b[2J\\x9b"],
    [{ format: '{{"\\x1b[1m"}}{{.A}}' }, `\x1b[1m${evil}`, `\x1b[1m${evil}`],
    [{ output: "json" }, '"\\u001b[2J\x9b"', '"\\u001b[2J\\u009b"'],
    [{ format: "headers" }, "X-B: \x9b\n", "X-B: \\x9b\n"],
    [{ format: "body" }, evil, evil],
  ] as const;
  for (const [flags, kept, shown] of cases) {
    strictEqual(await printed(flags, change), kept);
    strictEqual(await printed(flags, change, true), shown);
  }
});

Deno.test("print() streams a body", async () => {
  strictEqual(
    await printed({ format: "body" }, {
      body: () => new Blob(["a", "b"]).stream(),
    }),
    "ab",
  );
});

Deno.test("checkFormat() refuses unknown forms and two at once", () => {
  throws(() => checkFormat({ output: "yaml" }, new Set(["output"])), {
    code: "usage",
    message: 'unknown output "yaml"',
  });
  throws(() => checkFormat({ output: "json" }, new Set(["output", "format"])), {
    code: "usage",
  });
  checkFormat({ output: undefined }, new Set(["format"]));
});

Deno.test("headerText() spells names canonically and sorts them", () => {
  strictEqual(
    headerText(new Headers([["docker-content-digest", "d"], ["a-1b", "x"]])),
    "A-1b: x\nDocker-Content-Digest: d\n",
  );
});

Deno.test("print() runs a template, with the environment", async () => {
  strictEqual(await printed({ format: "{{.A}}{{println}}" }), "1\n");
  strictEqual(await printed({ format: "text" }), "text");
  strictEqual(await printed({ format: "" }), "");
  strictEqual(await printed({ format: '{{env "NONE"}}.' }), ".");
});

Deno.test("print() prints what came before a template failed, then fails", async () => {
  const { io, out } = memoryIo();
  const call = {
    flags: { format: "before {{index .A 3}}", output: undefined },
    given: new Set(["format"]),
    signal: io.signal,
  };
  await rejects(() => print(io, call, value), { code: "script" });
  strictEqual(out.text, "before ");
  await rejects(
    () =>
      print(io, { ...call, flags: { ...call.flags, format: "x {{" } }, value),
    { code: "usage" },
  );
  strictEqual(out.text, "before ");
});
