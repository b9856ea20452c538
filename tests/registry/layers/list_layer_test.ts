import { deepStrictEqual, rejects } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { listLayer } from "../../../src/registry/layers/list_layer.ts";
import { type NewEntry, writeTar } from "../../../src/registry/tar/writer.ts";

const layer = (...entries: NewEntry[]) =>
  ReadableStream.from(writeTar(entries));

Deno.test("listLayer() writes a line an entry, as upstream does", async () => {
  const body = [new TextEncoder().encode("hi\n")];
  const entries: NewEntry[] = [
    {
      header: {
        name: "dir/é",
        size: 3,
        mode: 0o4750,
        uid: 7,
        gid: 8,
        mtime: 1577934245_000000000n,
      },
      body,
    },
    { header: { name: "dir", type: "5", mode: 0o755 } },
  ];
  const digest =
    "sha256:98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4";
  deepStrictEqual(
    await Array.fromAsync(
      listLayer(layer(...entries), { ignoreTimestamps: true }),
    ),
    [
      `-rwxr-x--- 7/8        3 dir/é${" ".repeat(35)} ${digest}`,
      `-rwxr-xr-x 0/0        0 dir${" ".repeat(37)}`,
    ],
  );
  const [line = ""] = await Array.fromAsync(listLayer(layer(...entries)));
  const [, time = ""] = / 3 (\S+) dir/.exec(line) ?? [];
  deepStrictEqual(Date.parse(time), 1577934245_000);
});

Deno.test("listLayer() refuses a mode that is none", async () => {
  const header = { name: "a", mode: 2 ** 40, format: "gnu" } as const;
  await rejects(
    Array.fromAsync(listLayer(layer({ header }))),
    (error) => isRegError(error, "invalid"),
  );
});
