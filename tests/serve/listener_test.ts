import { strictEqual } from "node:assert/strict";
import { formatAddress } from "../../src/serve/listener.ts";

Deno.test("formatAddress() tells the port from the parts of an IPv6 address", () => {
  strictEqual(formatAddress("127.0.0.1", 5000), "127.0.0.1:5000");
  strictEqual(formatAddress("::1", 5000), "[::1]:5000");
});
