import { strictEqual } from "node:assert/strict";
import {
  canServeConnections,
  listenOnConnections,
} from "../../src/serve/connection_listener.ts";
import { testListener } from "../support/listener_contract.ts";

testListener("listenOnConnections()", listenOnConnections);

Deno.test("canServeConnections() holds in the versions that are supported", () => {
  strictEqual(canServeConnections(), true);
});
