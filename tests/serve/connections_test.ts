import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Connections } from "../../src/serve/connections.ts";

/** Connections that tell when they are ended. */
function made() {
  const killed: string[] = [];
  const kill = (name: string) => void killed.push(name);
  const connections = new Connections<string>({
    busyMs: 5000,
    kill,
  });
  return { connections, killed };
}

Deno.test("Connections makes room by the one that is idle for longest", () => {
  const { connections, killed } = made();
  connections.add("first");
  connections.add("second");
  connections.begin("first");
  connections.end("first");
  strictEqual(connections.makeRoom(), true);
  deepStrictEqual(killed, ["second"]);
  strictEqual(connections.size, 1);
});

Deno.test("Connections does not end one with a request under way, or one that is gone", () => {
  const { connections, killed } = made();
  connections.add("only");
  connections.begin("only");
  connections.begin("only");
  connections.end("only");
  strictEqual(connections.makeRoom(), false);
  connections.end("only");
  connections.remove("only");
  strictEqual(connections.makeRoom(), false);
  deepStrictEqual(killed, []);
});

Deno.test("Connections makes room by one that takes its answer for too long", () => {
  const { connections, killed } = made();
  connections.add("stalled");
  connections.add("other");
  connections.begin("stalled");
  connections.begin("other");
  strictEqual(connections.makeRoom(performance.now() + 4000), false);
  strictEqual(connections.makeRoom(performance.now() + 5001), true);
  deepStrictEqual(killed, ["stalled"]);
});
