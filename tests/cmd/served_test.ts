import { strictEqual } from "node:assert/strict";
import { Served } from "../../src/cmd/served.ts";

/** A value that counts how often it was closed. */
function closable() {
  return {
    closed: 0,
    [Symbol.asyncDispose]() {
      this.closed++;
      return Promise.resolve();
    },
  };
}

Deno.test("Served is closed when it is replaced and nothing uses it", async () => {
  const served = new Served(closable());
  await served.use(() => Promise.resolve());
  strictEqual(served.value.closed, 0);
  await served.replace();
  strictEqual(served.value.closed, 1);
});

Deno.test("Served is closed once the last of its users is done, however that ends", async () => {
  const served = new Served(closable());
  const [first, last] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  const uses = [first, last].map(({ promise }) => served.use(() => promise));
  await served.replace();
  first.resolve();
  await uses[0];
  strictEqual(served.value.closed, 0);
  last.reject(new Error("no"));
  strictEqual(await uses[1]?.catch(({ message }) => message), "no");
  strictEqual(served.value.closed, 1);
});
