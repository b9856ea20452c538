import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { packTar, type TarHeader } from "modern-tar";
import { isRegError } from "../../../src/base/errors.ts";
import { fromBytes } from "../../../src/base/streams.ts";
import { TYPE } from "../../../src/registry/tar/header.ts";
import { readTar } from "../../../src/registry/tar/reader.ts";
import {
  encodeHeader,
  type NewEntry,
  writeTar,
} from "../../../src/registry/tar/writer.ts";
import { noise } from "../../support/images.ts";

const pack = async (...entries: NewEntry[]) =>
  await new Response(ReadableStream.from(writeTar(entries))).bytes();

/** Cuts bytes into pieces, so that headers and bodies begin in the middle of one. */
const cut = (bytes: Uint8Array, size: number) =>
  ReadableStream.from((function* () {
    for (let at = 0; at < bytes.length; at += size) {
      yield bytes.slice(at, at + size);
    }
  })());

async function readAll(stream: ReadableStream<Uint8Array>) {
  const entries = [];
  for await (const { header, offset, body } of readTar(stream)) {
    const bytes = await new Response(ReadableStream.from(body())).bytes();
    entries.push({ header, offset, bytes });
  }
  return entries;
}

Deno.test("readTar() gives back what writeTar() wrote, in pieces of any size", async () => {
  const body = noise(1300, 1);
  const header = {
    name: "dir/é\udcff",
    type: TYPE.file,
    size: 1300,
    mode: 0o4755,
    uid: 5_000_000,
    gid: 3,
    uname: "u",
    gname: "g",
    linkname: "",
    devmajor: 0,
    devminor: 0,
    mtime: -1_500_000_000n,
    atime: 7n,
    ctime: 1_000_000_000n,
    pax: new Map([["SCHILY.xattr.user.x", "\0\udc80"]]),
    format: "pax",
  } as const;
  const bytes = await pack(
    { header, body: [body] },
    { header: { name: "last" } },
  );
  for (const size of [1, 511, 512, 700, 100_000]) {
    const [first, second] = await readAll(cut(bytes, size));
    deepStrictEqual(first?.bytes, body);
    strictEqual(first && bytes[first.offset], body[0]);
    const { pax, ...rest } = first?.header ?? { pax: new Map() };
    const { pax: given, ...expected } = header;
    deepStrictEqual(rest, expected);
    strictEqual(pax.get("SCHILY.xattr.user.x"), [...given.values()][0]);
    strictEqual(second?.header.name, "last");
  }
});

Deno.test("readTar() skips the bodies that nobody reads", async () => {
  const big = { header: { name: "a", size: 5000 }, body: [noise(5000, 1)] };
  const bytes = await pack(big, { header: { name: "b" } });
  const names: string[] = [];
  for await (const { header } of readTar(cut(bytes, 100))) {
    names.push(header.name);
  }
  deepStrictEqual(names, ["a", "b"]);
});

Deno.test("readTar() reads GNU's long names, old directories and sizes in base 256", async () => {
  const name = `${"n".repeat(150)}/`;
  const old = encodeHeader({ name: "old/" });
  old[156] = 0;
  // The flag was "0": its checksum is 0x30 more than the old one's.
  const sum = parseInt(new TextDecoder().decode(old.subarray(148, 154)), 8);
  old.set(
    new TextEncoder().encode((sum - 0x30).toString(8).padStart(6, "0")),
    148,
  );
  const bytes = new Uint8Array([
    ...encodeHeader({
      name,
      type: TYPE.directory,
      format: "gnu",
      uid: 2 ** 40,
    }),
    ...old,
    ...new Uint8Array(1024),
  ]);
  const entries = await readAll(cut(bytes, 300));
  deepStrictEqual(
    entries.map(({ header }) => [header.name, header.type, header.uid]),
    [
      [name, TYPE.directory, 2 ** 40],
      ["old/", TYPE.directory, 0],
    ],
  );
});

Deno.test("readTar() tells of truncation wherever it is", async () => {
  const bytes = await pack(
    { header: { name: "n".repeat(120), size: 1000 }, body: [noise(1000, 1)] },
  );
  const whole = bytes.length - 1024;
  for (const length of [10, 512, 600, 1024, 1500, 1536, 2000, whole - 1]) {
    await rejects(
      readAll(cut(bytes.slice(0, length), 512)),
      (error) => isRegError(error, "invalid"),
      String(length),
    );
  }
  // Without the empty blocks at the end it is whole all the same.
  strictEqual((await readAll(cut(bytes.slice(0, whole), 512))).length, 1);
});

Deno.test("readTar() bounds entries and names, and refuses sparse files", async () => {
  const bytes = await pack({ header: { name: "a" } }, {
    header: { name: "b" },
  });
  await rejects(
    Array.fromAsync(readTar(fromBytes(bytes), { maxEntries: 1 })),
    (error) => isRegError(error, "limit"),
  );
  const long = await pack({ header: { name: "x".repeat(2_000_000) } });
  await rejects(
    readAll(fromBytes(long)),
    (error) => isRegError(error, "limit"),
  );
  const sparse = await pack({ header: { name: "a", type: TYPE.gnuSparse } });
  await rejects(
    readAll(fromBytes(sparse)),
    (error) => isRegError(error, "unsupported"),
  );
});

Deno.test("readTar() ends the stream when the walk ends early", async () => {
  const bytes = await pack({ header: { name: "a" } }, {
    header: { name: "b" },
  });
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes.slice(0, 512)),
    cancel: () => void (isCancelled = true),
  });
  for await (const _ of readTar(stream)) break;
  strictEqual(isCancelled, true);
});

Deno.test("readTar() gives entries or an error of ours for any bytes", async () => {
  const bytes = await pack(
    { header: { name: "é", mtime: 5n, format: "pax" } },
    { header: { name: "b", size: 700 }, body: [noise(700, 2)] },
  );
  await fc.assert(fc.asyncProperty(
    fc.array(
      fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)),
      { minLength: 1, maxLength: 4 },
    ),
    fc.integer({ min: 1, max: 2000 }),
    async (changes, size) => {
      const copy = bytes.slice();
      for (const [place, value] of changes) copy[place] = value;
      try {
        await readAll(cut(copy, size));
      } catch (error) {
        strictEqual(isRegError(error), true, String(error));
      }
    },
  ));
});

Deno.test("readTar() reads what another writer wrote", async () => {
  const headers: TarHeader[] = [
    { name: "a".repeat(300), size: 3, mtime: new Date(5000), type: "file" },
    { name: "d/", size: 0, type: "directory", mode: 0o700, mtime: new Date(0) },
    { name: "l", size: 0, type: "symlink", linkname: "é", mtime: new Date(0) },
  ];
  const bytes = await packTar(
    headers.map((header) => ({ header, body: "abc".slice(0, header.size) })),
  );
  const entries = await readAll(fromBytes(bytes));
  deepStrictEqual(
    entries.map(({ header: h, bytes }) => [h.name, h.linkname, bytes.length]),
    [["a".repeat(300), "", 3], ["d/", "", 0], ["l", "é", 0]],
  );
  strictEqual(entries[0]?.header.mtime, 5_000_000_000n);
});
