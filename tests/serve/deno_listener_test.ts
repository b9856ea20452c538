import { strictEqual, throws } from "node:assert/strict";
import { isSound, listenWithDeno } from "../../src/serve/deno_listener.ts";
import { testListener } from "../support/listener_contract.ts";

testListener("listenWithDeno()", listenWithDeno);

Deno.test("isSound() tells the versions that hold senders back", () => {
  for (const version of ["2.6.10", "2.8.2", "2.8.2+abc", "1.46.3"]) {
    strictEqual(isSound(version), true, version);
  }
  for (
    const version of ["2.8.3", "2.9.6", "2.9.5+98f9507", "3.0.0", "2.10.0"]
  ) {
    strictEqual(isSound(version), false, version);
  }
});

Deno.test("listenWithDeno() tells a wrong certificate from a wrong address", async () => {
  const never = () => new Promise<Response>(() => {});
  const tls = { cert: "no certificate", key: "no key" };
  throws(() => listenWithDeno(never, { tls }), {
    code: "config",
    message: /^Cannot use the certificate with its key: /,
  });
  const listener = listenWithDeno(never);
  const port = Number(listener.address.split(":")[1]);
  throws(() => listenWithDeno(never, { tls, port }), { code: "network" });
  await listener.kill();
});
