import { strictEqual, throws } from "node:assert/strict";
import { fetchClient } from "../../../src/registry/http/fetch_client.ts";

// Bodies: send_test.ts; certificates and proxies: tests/integration/tls_test.ts.

Deno.test("fetchClient() refuses certificates that are none", () => {
  const make = (regcert: string) =>
    fetchClient({ name: "h", regcert }, { proxy: undefined, blobs: true });
  throws(() => make("no PEM"), { code: "config", message: /"regcert"/ });
  const block = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
  throws(() => make(block), {
    code: "config",
    message: /^Cannot use the certificates of host "h": /,
  });
});

Deno.test("fetchClient() closes its connections", async () => {
  const client = fetchClient({ name: "h" }, { proxy: undefined, blobs: false });
  strictEqual(await client[Symbol.asyncDispose](), undefined);
});
