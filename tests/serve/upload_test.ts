import { rejects, strictEqual } from "node:assert/strict";
import { digestOf } from "../../src/registry/digest.ts";
import { ApiError } from "../../src/serve/api_error.ts";
import { MemorySpool } from "../../src/serve/memory_spool.ts";
import { Upload } from "../../src/serve/upload.ts";
import { noise } from "../support/images.ts";

const LIMITS = { maxBlob: 1000, idleMs: 60_000 };
const signal = new AbortController().signal;
const BYTES = noise(300, 1);
const answers = (status: number) => (error: unknown) =>
  error instanceof ApiError && error.status === status;

function stream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return ReadableStream.from([bytes]);
}

/** A stream that gives bytes and then breaks. */
function broken(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let isFirst = true;
  return new ReadableStream({
    pull: (controller) => {
      if (isFirst) controller.enqueue(bytes);
      else controller.error(new TypeError("reset"));
      isFirst = false;
    },
  });
}

for (const algorithm of ["sha256", "sha512"] as const) {
  Deno.test(`Upload hashes what it received, and again where ${algorithm} was not foreseen`, async () => {
    for (const guess of ["sha256", "sha512"]) {
      const upload = new Upload("id", new MemorySpool(), guess);
      await upload.append(stream(BYTES.slice(0, 100)), { ...LIMITS, signal });
      await upload.append(stream(BYTES.slice(100)), { ...LIMITS, signal });
      const wanted = digestOf(BYTES, algorithm);
      strictEqual(await upload.digest(wanted), wanted);
    }
  });
}

Deno.test("Upload hashes what an earlier run of the server left", async () => {
  const spool = new MemorySpool();
  await spool.write(BYTES.slice(0, 10));
  const upload = new Upload("id", spool);
  await upload.append(stream(BYTES.slice(10)), { ...LIMITS, signal });
  strictEqual(await upload.digest(digestOf(BYTES)), digestOf(BYTES));
});

Deno.test("Upload keeps what came before a break, and can be gone on with", async () => {
  const upload = new Upload("id", new MemorySpool());
  const first = upload.append(broken(BYTES.slice(0, 120)), {
    ...LIMITS,
    signal,
    range: { start: 0, end: 200 },
  });
  await rejects(first, answers(400));
  strictEqual(upload.spool.size, 120);
  await upload.append(stream(BYTES.slice(120)), {
    ...LIMITS,
    signal,
    range: { start: 120, end: 300 },
  });
  strictEqual(await upload.digest(digestOf(BYTES)), digestOf(BYTES));
});

Deno.test("Upload refuses a chunk that does not start at the end", async () => {
  const upload = new Upload("id", new MemorySpool());
  const range = { start: 1, end: 300 };
  await rejects(
    upload.append(stream(BYTES), { ...LIMITS, signal, range }),
    answers(416),
  );
  strictEqual(upload.spool.size, 0);
});

for (const [what, end] of [["longer", 299], ["shorter", 301]] as const) {
  Deno.test(`Upload takes nothing of a chunk that is ${what} than its range`, async () => {
    const upload = new Upload("id", new MemorySpool());
    const range = { start: 0, end };
    await rejects(
      upload.append(stream(BYTES), { ...LIMITS, signal, range }),
      ApiError,
    );
    strictEqual(upload.spool.size, 0);
    await upload.append(stream(BYTES), { ...LIMITS, signal });
    strictEqual(await upload.digest(digestOf(BYTES)), digestOf(BYTES));
  });
}

Deno.test("Upload stays below the limit over several requests", async () => {
  const upload = new Upload("id", new MemorySpool());
  const limits = { ...LIMITS, maxBlob: 500, signal };
  await upload.append(stream(BYTES), limits);
  await rejects(upload.append(stream(BYTES), limits), answers(413));
});

Deno.test("Upload lets a new request take over from a stalled one", async () => {
  const upload = new Upload("id", new MemorySpool());
  const stalled = upload.exclusively((signal) =>
    upload.append(new ReadableStream(), { ...LIMITS, signal })
  );
  const refused = rejects(stalled, answers(409));
  await upload.exclusively((signal) =>
    upload.append(stream(BYTES), { ...LIMITS, signal })
  );
  await refused;
  strictEqual(upload.spool.size, 300);
});

Deno.test("Upload is unknown to requests that waited for its end", async () => {
  const upload = new Upload("id", new MemorySpool());
  const last = upload.exclusively(() => Promise.resolve(upload.end()));
  const late = upload.exclusively(() => Promise.resolve());
  await last;
  await rejects(late, answers(404));
});

Deno.test("Upload refuses a chunk after one that was too small to be in the middle", async () => {
  const upload = new Upload("id", new MemorySpool());
  upload.checkChunk({ start: 0, end: 5 }, 10);
  await upload.append(stream(BYTES.slice(0, 5)), { ...LIMITS, signal });
  await rejects(
    async () => await upload.checkChunk({ start: 5, end: 50 }, 10),
    answers(400),
  );
});
