import { deepStrictEqual } from "node:assert/strict";
import { dependencies } from "../../../src/cmd/regsync/order.ts";

function order(...lines: readonly string[]) {
  return dependencies(lines.map((line) => {
    const [type = "", source = "", target = ""] = line.split(" ");
    return { type, source, target };
  }));
}

Deno.test("dependencies() lets steps apart from each other run at once", () => {
  deepStrictEqual(
    order(
      "image s/a:1 t/a:1",
      "image s/a:2 t/a:2",
      "repository s/b t/b",
      "registry s t/mirror",
    ),
    [[], [], [], []],
  );
});

Deno.test("dependencies() makes a chain of mirrors wait", () => {
  deepStrictEqual(
    order("image s/a:1 t/a:1", "image t/a:1 u/a:1", "image t/a:2 u/a:2"),
    [[], [0], []],
  );
  deepStrictEqual(order("repository s/a t/a", "image t/a:1 u/a:1"), [[], [0]]);
});

Deno.test("dependencies() keeps the last writer last, and readers before writers", () => {
  deepStrictEqual(order("image s/a:1 t/x:1", "image s/b:1 t/x:1"), [[], [0]]);
  deepStrictEqual(
    order("image t/a:latest t/a:previous", "image s/a:latest t/a:latest"),
    [[], [0]],
  );
});

Deno.test("dependencies() sees registries and their parts", () => {
  deepStrictEqual(
    order(
      "image s/a:1 t:5/m/a:1",
      "registry s t:5/m",
      "repository t:5/m/b u/b",
    ),
    [[], [0], [1]],
  );
  deepStrictEqual(order("registry s t:5/m", "registry s t:5/mirror"), [[], []]);
});

Deno.test("dependencies() knows short names, and leaves bad references alone", () => {
  deepStrictEqual(
    order("image s/a:1 alpine", "image docker.io/library/alpine:latest t/a:1"),
    [[], [0]],
  );
  deepStrictEqual(order("image S/UP t/a:1", "image S/UP t/a:1"), [[], [0]]);
  deepStrictEqual(
    order("image ocidir://a:1 t/a:1", "image s/a:1 ocidir://a:1"),
    [
      [],
      [0],
    ],
  );
});
