import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Connections } from "../../src/serve/connections.ts";

/** Connections that tell when they are ended. */
function made(max: number) {
  const killed: string[] = [];
  const kill = (name: string) => void killed.push(name);
  const connections = new Connections<string>({
    max,
    idleMs: 1000,
    busyMs: 5000,
    kill,
  });
  return { connections, killed };
}

Deno.test("Connections makes room by the one that is idle for longest", async () => {
  const { connections, killed } = made(2);
  connections.add("first");
  connections.add("second");
  connections.begin("first");
  connections.end("first");
  await connections.room();
  deepStrictEqual(killed, ["second"]);
  await connections.room();
  strictEqual(connections.size, 1);
});

Deno.test("Connections waits for room where all are busy", async () => {
  const { connections, killed } = made(1);
  connections.add("only");
  connections.begin("only");
  connections.begin("only");
  let hasRoom = false;
  const room = connections.room().then(() => hasRoom = true);
  connections.end("only");
  await Promise.resolve();
  strictEqual(hasRoom, false);
  connections.end("only");
  await room;
  deepStrictEqual(killed, ["only"]);
});

Deno.test("Connections has room when a busy one has ended", async () => {
  const { connections, killed } = made(1);
  connections.add("only");
  connections.begin("only");
  const room = connections.room();
  connections.remove("only");
  await room;
  deepStrictEqual(killed, []);
});

Deno.test("Connections ends those that are idle for too long", () => {
  const { connections, killed } = made(9);
  connections.add("busy");
  connections.add("idle");
  connections.begin("busy");
  connections.sweep(performance.now() + 900);
  deepStrictEqual(killed, []);
  connections.sweep(performance.now() + 1000);
  deepStrictEqual(killed, ["idle"]);
});

Deno.test("Connections tells those that never asked from those that just did", () => {
  const { connections, killed } = made(9);
  connections.add("asked");
  connections.add("busy");
  connections.add("silent");
  connections.begin("asked");
  connections.begin("busy");
  connections.end("asked");
  connections.killSilent(500);
  deepStrictEqual(killed, ["silent"]);
  connections.killSilent(500, performance.now() + 500);
  deepStrictEqual(killed, ["silent", "asked"]);
  connections.killAll();
  deepStrictEqual(killed, ["silent", "asked", "busy"]);
});

Deno.test("Connections makes room by one that takes its answer for too long", () => {
  const { connections, killed } = made(2);
  connections.add("stalled");
  connections.add("other");
  connections.begin("stalled");
  connections.begin("other");
  strictEqual(connections.makeRoom(performance.now() + 4000), false);
  strictEqual(connections.makeRoom(performance.now() + 5001), true);
  deepStrictEqual(killed, ["stalled"]);
});

Deno.test("Connections looks for room again from time to time", async () => {
  const { connections, killed } = made(1);
  connections.add("stalled");
  connections.begin("stalled");
  const now = performance.now();
  const room = connections.room();
  using _later = fakeNow(now + 6000);
  connections.sweep();
  await room;
  deepStrictEqual(killed, ["stalled"]);
});

/** Lets `performance.now()` tell another time. */
function fakeNow(time: number): Disposable {
  const real = performance.now;
  performance.now = () => time;
  return { [Symbol.dispose]: () => void (performance.now = real) };
}
