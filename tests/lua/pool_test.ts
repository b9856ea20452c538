import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { HostHandle, LuaHandle, type LuaValue } from "../../src/lua/codec.ts";
import { LuaPool } from "../../src/lua/pool.ts";
import {
  ArgumentError,
  type Job,
  type ScriptHost,
} from "../../src/lua/worker_thread.ts";

const PATHS = ["get", "hang", "refuse", "gone", "large"];
const encode = (text: string) => new TextEncoder().encode(text);

interface Seen {
  readonly text: string[];
  readonly released: number[];
}

function host(seen: Seen): ScriptHost {
  return {
    call: (n, args, signal) => {
      switch (PATHS[n]) {
        case "get":
          return Promise.resolve([new HostHandle(0, 7)]);
        case "hang":
          return new Promise((_, reject) => {
            if (signal.aborted) reject(signal.reason);
            signal.addEventListener("abort", () => reject(signal.reason));
          });
        case "refuse":
          throw new ArgumentError(1, "reference expected");
        case "gone":
          return Promise.resolve([idOf(args[0])]);
      }
      return Promise.resolve(["x".repeat(1 << 20)]);
    },
    print: (bytes) => {
      seen.text.push(new TextDecoder().decode(bytes));
    },
    release: (id) => {
      seen.released.push(id);
    },
  };
}

const idOf = (value: LuaValue) => value instanceof LuaHandle ? value.id : -1;

function pool(options: { readonly alive?: number } = {}): LuaPool {
  const functions = PATHS.map((path) => ({ path }));
  return new LuaPool({
    ...options,
    interface: { classes: ["thing"], functions },
  });
}

/** Runs scripts one after another, and gives what they print and how they end. */
async function runAll(
  jobs: readonly (
    | string
    | Pick<Job, "source" | "globals"> & { readonly signal?: () => AbortSignal }
  )[],
): Promise<readonly string[]> {
  await using lua = pool();
  const results = [];
  for (const job of jobs) {
    const seen: Seen = { text: [], released: [] };
    const outcome = await lua.run({
      ...(typeof job === "string" ? { source: encode(job) } : job),
      signal: typeof job === "string" ? undefined : job.signal?.(),
      host: host(seen),
    });
    const end = "message" in outcome ? outcome.message : outcome.type;
    results.push(seen.text.join("") + end);
  }
  return results;
}

Deno.test("LuaPool.run() runs scripts one after another, each in a fresh interpreter", async () => {
  deepStrictEqual(
    await runAll([
      `x = (x or 0) + 1 print(x)`,
      `x = (x or 0) + 1 print(x)`,
      `string.leaked = true getmetatable("").__index.leaked = 1`,
      `print(string.leaked, ("x").leaked)`,
    ]),
    ["1\ndone", "1\ndone", "done", "nil\tnil\ndone"],
  );
});

Deno.test("LuaPool.run() passes calls, objects, errors of arguments and large answers", async () => {
  deepStrictEqual(
    await runAll([
      `print(gone(get()), #large(), pcall(refuse))`,
      `refuse()`,
      {
        source: encode("print(args.a, #args.list)"),
        globals: new Map([[
          "args",
          new Map<string, string | string[]>([["a", "1"], ["list", [
            "x",
            "y",
          ]]]),
        ]]),
      },
    ]),
    [
      "7\t1048576\tfalse\t<string>:1: bad argument #1 to (anonymous) (reference expected)\ndone",
      "<string>:1: bad argument #1 to refuse (reference expected)",
      "1\t2\ndone",
    ],
  );
});

Deno.test("LuaPool.run() ends a script at its deadline, wherever it is", async () => {
  const signal = () => AbortSignal.timeout(5);
  const outcomes = await runAll([
    { source: encode("while true do end"), signal },
    { source: encode("while true do pcall(hang) end"), signal },
    { source: encode("print(pcall(hang))"), signal },
    { source: encode("hang()"), signal },
    `print("next")`,
  ]);
  const late = "<string>:1: Context error: context deadline exceeded";
  deepStrictEqual(outcomes, [
    late,
    late,
    `false\t${late}\ndone`,
    late,
    "next\ndone",
  ]);
});

Deno.test("LuaPool.run() names a cancellation as one", async () => {
  const controller = new AbortController();
  const signal = () => {
    queueMicrotask(() => controller.abort(new Error("interrupted")));
    return controller.signal;
  };
  deepStrictEqual(await runAll([{ source: encode("hang()"), signal }]), [
    "<string>:1: Context error: context canceled",
  ]);
});

Deno.test("LuaPool.run() keeps others waiting while as many run as may live", async () => {
  await using lua = pool({ alive: 1 });
  const first = new AbortController();
  const order: string[] = [];
  const run = (name: string, source: string, signal?: AbortSignal) =>
    lua.run({
      source: encode(source),
      signal,
      host: host({ text: [], released: [] }),
    })
      .then(() => order.push(name));
  const [a, b] = [run("a", "pcall(hang)", first.signal), run("b", "")];
  first.abort(new Error("go on"));
  await Promise.all([a, b]);
  deepStrictEqual(order, ["a", "b"]);
});

Deno.test("LuaPool tells the host which objects a script let go of", async () => {
  await using lua = pool();
  const seen: Seen = { text: [], released: [] };
  const source = encode(
    `for i = 1, 10 do get() end collectgarbage() get() print("x")`,
  );
  await lua.run({ source, host: host(seen) });
  ok(seen.released.length >= 9, `${seen.released.length}`);
  strictEqual(seen.text.join(""), "x\n");
});

Deno.test("LuaPool.check() tells what does not parse", async () => {
  await using lua = pool();
  strictEqual(await lua.check(encode("print(1)"), "a"), undefined);
  strictEqual(
    await lua.check(encode("\nx x"), "a"),
    "a:2: '=' expected near 'x'",
  );
});
