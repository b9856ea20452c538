import { strictEqual } from "node:assert/strict";
import { isSameHistory } from "../../src/registry/history.ts";

const ROW = {
  created: "2020-01-02T03:04:05.120Z",
  created_by: "RUN x",
  author: "me",
  comment: "c",
};

Deno.test("isSameHistory() compares moments, not their spelling, and takes absent for empty", () => {
  const same = [
    ROW,
    { ...ROW, created: "2020-01-02T04:04:05.12+01:00" },
    { ...ROW, empty_layer: false },
    { ...ROW, unknown: 1 },
  ];
  for (const row of same) strictEqual(isSameHistory(ROW, row), true);
});

Deno.test("isSameHistory() sees each difference", () => {
  const others = [
    undefined,
    { ...ROW, created: "2020-01-02T03:04:05.121Z" },
    { ...ROW, created: undefined },
    { ...ROW, created_by: "RUN y" },
    { ...ROW, author: "" },
    { ...ROW, comment: "d" },
    { ...ROW, empty_layer: true },
  ];
  for (const row of others) strictEqual(isSameHistory(ROW, row), false);
});
