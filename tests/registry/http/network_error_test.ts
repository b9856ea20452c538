import { strictEqual } from "node:assert/strict";
import {
  NetworkError,
  networkReason,
} from "../../../src/registry/http/network_error.ts";

const reason = (words: string) => new NetworkError("Cannot", words).reason;

Deno.test("NetworkError tells what stood in the way from the network's words", () => {
  strictEqual(
    reason("received corrupt message of type InvalidContentType"),
    "plain",
  );
  strictEqual(reason("invalid peer certificate: UnknownIssuer"), "certificate");
  strictEqual(
    reason("self-signed certificate in certificate chain"),
    "certificate",
  );
  strictEqual(
    reason("dns error: failed to lookup address information"),
    "name",
  );
  strictEqual(
    reason("tcp connect error: Connection refused (os error 111)"),
    "refused",
  );
  strictEqual(reason("client error (Connect): unsuccessful tunnel"), "proxy");
  strictEqual(
    reason("Proxy response (407) !== 200 when HTTP Tunneling"),
    "proxy",
  );
  strictEqual(reason("connection reset by peer"), "other");
});

Deno.test("NetworkError keeps the code that callers switch on", () => {
  strictEqual(new NetworkError("Cannot", "x").code, "network");
});

Deno.test("networkReason() looks at what led to an error", () => {
  const cause = new NetworkError("Cannot", "invalid peer certificate");
  strictEqual(networkReason(new Error("outer", { cause })), "certificate");
  strictEqual(networkReason(new Error("outer")), undefined);
});
