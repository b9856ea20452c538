import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import zlib from "node:zlib";
import fc from "fast-check";
import { isRegError } from "../../../src/base/errors.ts";
import { fromBytes } from "../../../src/base/streams.ts";
import {
  type Compression,
  decompress,
  detectCompression,
} from "../../../src/registry/layers/decompress.ts";
import { noise } from "../../support/images.ts";

const TEXT = new TextEncoder().encode("hello layer\n".repeat(20));
const decode = (base64: string) =>
  new Uint8Array(Buffer.from(base64, "base64"));

/** TEXT, packed: the last two with Python's lzma and bz2. */
const PACKED: Readonly<Record<Compression, Uint8Array<ArrayBuffer>>> = {
  none: TEXT,
  gzip: new Uint8Array(zlib.gzipSync(TEXT)),
  zstd: new Uint8Array(zlib.zstdCompressSync(TEXT)),
  xz: decode(
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ADvABNdADQZSe6N6RSGbsoCEQWi44asAAAAAJZ/t55+BSceAAEv8AEAAAAGVCfFscRn+wIAAAAABFla",
  ),
  bzip2: decode(
    "QlpoOTFBWSZTWXSNC/4AADvRgAAQQAAiRJAgIABQgyYgKVQaeUwmEwmE0nCfE0nBOiaT8XckU4UJB0jQv+A=",
  ),
};

async function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  options: Parameters<typeof decompress>[1] = {},
) {
  const { compression, stream } = await decompress(fromBytes(bytes), options);
  return { compression, bytes: await new Response(stream).bytes() };
}

Deno.test("decompress() tells by the first bytes how to unpack", async () => {
  for (const [compression, packed] of Object.entries(PACKED)) {
    const found = await unpack(packed);
    deepStrictEqual(found, { compression, bytes: TEXT });
  }
});

Deno.test("decompress() unpacks archives of several members", async () => {
  for (const name of ["gzip", "zstd", "bzip2"] as const) {
    const twice = new Uint8Array([...PACKED[name], ...PACKED[name]]);
    const { bytes } = await unpack(twice);
    deepStrictEqual(bytes, new Uint8Array([...TEXT, ...TEXT]), name);
  }
});

Deno.test("decompress() takes bytes one at a time, and few of them", async () => {
  const bytes = PACKED.gzip;
  const single = ReadableStream.from(
    Array.from(bytes, (byte) => Uint8Array.of(byte)),
  );
  const { stream } = await decompress(single);
  deepStrictEqual(await new Response(stream).bytes(), TEXT);
  for (const few of [[], [0x1f], [0x42, 0x5a]]) {
    const { compression, bytes } = await unpack(Uint8Array.from(few));
    deepStrictEqual([compression, [...bytes]], ["none", few]);
  }
  strictEqual(detectCompression(Uint8Array.of(0x1f, 0x8b)), "gzip");
});

Deno.test("decompress() calls broken and truncated bytes invalid", async () => {
  for (const name of ["gzip", "zstd", "xz", "bzip2"] as const) {
    const packed = PACKED[name];
    await rejects(
      unpack(packed.slice(0, packed.length - 9)),
      (error) => isRegError(error, "invalid"),
      name,
    );
    const garbage = packed.slice();
    garbage.set(noise(garbage.length - 12, 3), 8);
    await rejects(
      unpack(garbage),
      (error) => isRegError(error, "invalid"),
      name,
    );
  }
});

Deno.test("decompress() stops at too many bytes, by size and by ratio", async () => {
  for (const name of ["gzip", "zstd", "bzip2", "none"] as const) {
    await rejects(
      unpack(PACKED[name], { maxBytes: 100 }),
      (error) => isRegError(error, "limit"),
      name,
    );
  }
  const zeros = new Uint8Array(80 * 1024 * 1024);
  const bomb = new Uint8Array(zlib.zstdCompressSync(zeros));
  await rejects(unpack(bomb), (error) => isRegError(error, "limit"));
  const { bytes } = await unpack(bomb, { maxRatio: 1e6 });
  strictEqual(bytes.length, zeros.length);
});

Deno.test("decompress() passes on what the source throws, and stops at a signal", async () => {
  const broken = ReadableStream.from((async function* () {
    yield PACKED.gzip.slice(0, 20);
    await Promise.resolve();
    throw new TypeError("cable");
  })());
  const { stream } = await decompress(broken);
  await rejects(new Response(stream).bytes(), /cable/);
  const signal = AbortSignal.abort(new Error("stop"));
  await rejects(unpack(PACKED.gzip, { signal }), /stop/);
});

Deno.test("decompress() unpacks or refuses any bytes after a magic", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.values(PACKED)),
      fc.uint8Array({ minLength: 1, maxLength: 30 }),
      fc.nat(40),
      async (packed, change, at) => {
        const bytes = packed.slice();
        bytes.set(change.subarray(0, 10), 6 + at % (bytes.length - 16));
        try {
          await unpack(bytes, { maxBytes: 1e6 });
        } catch (error) {
          strictEqual(
            isRegError(error, "invalid", "limit"),
            true,
            String(error),
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("decompress() lets go of its source when it is cancelled, at rest or stalled", async () => {
  for (const name of ["gzip", "zstd", "none"] as const) {
    for (const isReading of [false, true]) {
      let isCancelled = false;
      const source = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(PACKED[name].slice(0, 12)),
        cancel: () => void (isCancelled = true),
      });
      const { stream } = await decompress(source);
      const reader = stream.getReader();
      if (isReading && name === "none") await reader.read();
      const pending = isReading
        ? reader.read().catch(() => undefined)
        : undefined;
      await reader.cancel();
      await pending;
      strictEqual(isCancelled, true, name);
    }
  }
});
