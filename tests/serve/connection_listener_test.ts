import { strictEqual, throws } from "node:assert/strict";
import {
  canServeConnections,
  listenOnConnections,
} from "../../src/serve/connection_listener.ts";
import { testListener } from "../support/listener_contract.ts";

testListener("listenOnConnections()", listenOnConnections);

Deno.test("canServeConnections() holds in the versions that are supported", () => {
  strictEqual(canServeConnections(), true);
});

Deno.test("listenOnConnections() tells a wrong certificate from a wrong address", async () => {
  const tls = { cert: "none", key: "none" };
  throws(() => listenOnConnections(never, { tls }), {
    code: "config",
    message: /^Cannot use the certificate with its key: /,
  });
  const listener = listenOnConnections(never);
  const port = Number(listener.address.split(":")[1]);
  throws(() => listenOnConnections(never, { tls, port }), { code: "network" });
  await listener.kill();
});

const never = () => Promise.reject(new Error("asked"));
