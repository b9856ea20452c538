import { rejects, strictEqual } from "node:assert/strict";
import { SingleFlight } from "../../src/base/single_flight.ts";

Deno.test("SingleFlight runs once for all who ask meanwhile, and again afterwards", async () => {
  const flights = new SingleFlight<string, number>();
  let runs = 0;
  const work = () => Promise.resolve(++runs);
  await Promise.all([
    flights.run("a", work),
    flights.run("a", work),
    flights.run("b", work),
  ]);
  strictEqual(runs, 2);
  await flights.run("a", work);
  strictEqual(runs, 3);
});

Deno.test("SingleFlight forgets a failure", async () => {
  const flights = new SingleFlight<string, number>();
  await rejects(flights.run("a", () => Promise.reject(new Error("no"))), /no/);
  strictEqual(await flights.run("a", () => Promise.resolve(1)), 1);
});
