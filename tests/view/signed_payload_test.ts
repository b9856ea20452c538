import { strictEqual } from "node:assert/strict";
import { signedPayload } from "../../src/view/signed_payload.ts";

const encode = (text: string) =>
  btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

Deno.test("signedPayload() puts the signed bytes together", () => {
  const start = '{\n   "name": "acme/app"';
  const header = encode(
    JSON.stringify({ formatLength: start.length, formatTail: encode("\n}") }),
  );
  const body = `${start},\n   "signatures": [{"protected": "${header}"}]\n}`;
  const payload = signedPayload(new TextEncoder().encode(body));
  strictEqual(new TextDecoder().decode(payload), '{\n   "name": "acme/app"\n}');
});

Deno.test("signedPayload() finds nothing where nothing is signed", () => {
  for (
    const text of ["{}", "no JSON", '{"signatures":[{"protected":"e30"}]}']
  ) {
    strictEqual(signedPayload(new TextEncoder().encode(text)), undefined);
  }
});
