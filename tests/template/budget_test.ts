import { throws } from "node:assert/strict";
import { LimitedBudget, UNLIMITED } from "../../src/template/budget.ts";

const many = (budget: { step(): void }) => {
  for (let i = 0; i < 5000; i++) budget.step();
};

Deno.test("LimitedBudget stops at its time, its size and its signal", () => {
  throws(() => many(new LimitedBudget({ timeoutMs: -1 })), { code: "timeout" });
  throws(() => new LimitedBudget({ maxBytes: 10 }).hold(11), { code: "limit" });
  throws(
    () =>
      many(
        new LimitedBudget({ signal: AbortSignal.abort(new Error("enough")) }),
      ),
    /enough/,
  );
});

Deno.test("UNLIMITED lets everything pass", () => {
  many(UNLIMITED);
  UNLIMITED.hold(Infinity);
});

Deno.test("LimitedBudget looks at the clock sooner where steps are large", () => {
  const budget = new LimitedBudget({ timeoutMs: -1 });
  budget.step();
  budget.step(200_000);
  throws(() => budget.step(200_000), { code: "timeout" });
});
