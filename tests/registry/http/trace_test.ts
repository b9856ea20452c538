import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Log } from "../../../src/base/log.ts";
import { trace, warnings } from "../../../src/registry/http/trace.ts";
import { answer, answers, request } from "../../support/transport.ts";

function traced(...list: (Response | Error)[]) {
  const lines: {
    readonly message: string;
    readonly text: string;
    readonly level: number;
  }[] = [];
  const log = new Log(
    -8,
    ({ message, attributes, level }) =>
      lines.push({ message, level, text: JSON.stringify(attributes) }),
  );
  return { send: trace(log)(answers(...list).next), lines };
}

Deno.test("trace() records each request without anything secret", async () => {
  const { send, lines } = traced(answer("", {
    headers: {
      "set-cookie": "SECRET1",
      location: "/upload?_state=SECRET2",
      link: '</next?token=SECRET3>; rel="next"',
      "x-auth-token": "SECRET4",
      "content-length": "0",
    },
  }));
  await send(request({
    path: "https://user:SECRET5@r.example/x?sig=SECRET6&n=1",
    headers: {
      Authorization: "Bearer SECRET7",
      "Proxy-Authorization": "SECRET8",
      accept: "a",
    },
  }));
  const [line] = lines;
  strictEqual(line?.message, "reg http request");
  strictEqual(line?.level, -8);
  strictEqual(/SECRET/.test(line?.text ?? ""), false, line?.text);
  for (
    const part of [
      "https://r.example/x?sig=REDACTED&n=1",
      '"accept":"a"',
      '"content-length":"0"',
      "[censored]",
    ]
  ) {
    strictEqual(line?.text.includes(part), true, part);
  }
});

Deno.test("trace() tells a failed connection at debug and passes it on", async () => {
  const { send, lines } = traced(new Error("refused"));
  await rejects(send(request({ path: "https://r.example/" })), /refused/);
  deepStrictEqual(lines.map(({ level }) => level), [-4]);
});

Deno.test("trace() shows a registry's warning once", async () => {
  const given = () => answer("", { headers: { warning: '299 - "goes away"' } });
  const { send, lines } = traced(
    given(),
    given(),
    answer("", { headers: { warning: '299 - "other"' } }),
  );
  for (let i = 0; i < 3; i++) await send(request());
  deepStrictEqual(
    lines.filter(({ level }) => level === 4).map(({ text }) => text),
    ['{"warning":"goes away"}', '{"warning":"other"}'],
  );
});

Deno.test("warnings() reads only code 299, unescaped, and spells out control characters", () => {
  deepStrictEqual(
    warnings('199 - "x", 299 - "a \\"b\\"", 299 host "c\u001b"'),
    ['a \\"b\\"', "c\\u001b"],
  );
  deepStrictEqual(warnings(null), []);
});
