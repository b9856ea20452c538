/** `regctl serve` as a process: killed, flooded, starved, stopped. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { createHasher, digestOf } from "../../src/registry/digest.ts";
import { openFolder, startServer } from "../../src/serve/mod.ts";
import {
  type Graph,
  image,
  type Made,
  noise,
  pushGraph,
} from "../support/images.ts";
import { start } from "../support/process.ts";
import { program, programEnv } from "../support/program.ts";
import { tempDir } from "../support/temp.ts";

const MIB = 1024 * 1024;

interface Served extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  kill(signal: Deno.Signal): Promise<Deno.CommandStatus>;
}

/** Starts `regctl serve` on a directory and waits until it listens. */
async function served(root: string, ...flags: string[]): Promise<Served> {
  const [command, ...before] = program("regctl");
  const words = [...before, "serve", root, "--addr=127.0.0.1:0", ...flags];
  const running = start(command, words, { env: programEnv });
  const [, address] = await running.waitFor(/^Listening on (\S+)$/m);
  return {
    url: `http://${address}`,
    pid: running.pid,
    kill: (signal) => {
      running.kill(signal);
      return running.status;
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

async function get(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(url);
  const bytes = await answer.bytes();
  strictEqual(answer.status, 200, `${url}: ${answer.status}`);
  return bytes;
}

/** Makes sure that all of an image is there, byte for byte. */
async function isWhole(base: string, graph: Graph, tag: string): Promise<void> {
  const same = async (path: string, { bytes }: Made) =>
    deepStrictEqual(await get(`${base}/${path}`), bytes);
  await same(`manifests/${tag}`, graph.manifests.at(-1)!);
  for (const blob of graph.blobs) {
    await same(`blobs/${blob.descriptor.digest}`, blob);
  }
}

/** Every file below `blobs/` hashes to its name. */
async function hasNoHalves(layout: string): Promise<void> {
  const folder = join(layout, "blobs", "sha256");
  for await (const { name } of Deno.readDir(folder)) {
    const bytes = await Deno.readFile(join(folder, name));
    strictEqual(digestOf(bytes), `sha256:${name}`);
  }
}

async function tagsOf(base: string): Promise<string[]> {
  const answer = await fetch(`${base}/tags/list`);
  const body = await answer.json();
  return answer.status === 200 ? body.tags : [];
}

const IMAGES = await Promise.all(
  Array.from(
    { length: 10 },
    (_, i) => image({ seed: 50 + i, layers: 3, layerSize: MIB }),
  ),
);

for (const acknowledged of [0, 1, 4, 9]) {
  Deno.test(`A registry killed when ${acknowledged} of 10 pushes are through keeps these whole, and nothing else`, async () => {
    await using dir = await tempDir();
    const done: number[] = [];
    {
      await using server = await served(dir.path);
      const enough = Promise.withResolvers<void>();
      const pushes = IMAGES.map(async (graph, i) => {
        await pushGraph(server.url, "team/app", graph, [`v${i}`]);
        done.push(i);
        if (done.length >= acknowledged) enough.resolve();
      });
      const all = Promise.allSettled(pushes);
      if (acknowledged > 0) await enough.promise;
      // The first bytes are on their way: some pushes are in the middle.
      else await fetch(`${server.url}/v2/`).then((r) => r.body?.cancel());
      await server.kill("SIGKILL");
      await all;
    }
    await using server = await served(dir.path);
    const base = `${server.url}/v2/team/app`;
    const layout = join(dir.path, "team", "app");
    const tags = await tagsOf(base);
    for (const i of done) {
      strictEqual(tags.includes(`v${i}`), true, `v${i} was acknowledged`);
    }
    // A tag whose answer was lost on the way may be there, but then wholly.
    for (const tag of tags) {
      await isWhole(base, IMAGES[Number(tag.slice(1))]!, tag);
    }
    if (tags.length > 0) await hasNoHalves(layout);
    await Promise.all(
      IMAGES.map((graph, i) =>
        pushGraph(server.url, "team/app", graph, [`v${i}`])
      ),
    );
    for (const [i, graph] of IMAGES.entries()) {
      await isWhole(base, graph, `v${i}`);
    }
    await hasNoHalves(layout);
  });
}

/** The most memory that a process ever had, in MiB. */
async function peak(pid: number): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1]) / 1024;
}

/** The same noise over and over, in pieces as Go's clients send them. */
function pieces(count: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const piece = noise(32 * 1024, 7);
  let left = count;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(piece.slice());
      else controller.close();
    },
  });
}

async function hashOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const hasher = createHasher("sha256");
  for await (const chunk of stream) hasher.update(chunk);
  return hasher.digest();
}

Deno.test({
  name: "A registry needs no more memory for a large blob than for a small one",
  // Where the system tells what a process had.
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using dir = await tempDir();
    await using server = await served(dir.path);
    const base = `${server.url}/v2/app/blobs`;
    const through = async (mib: number) => {
      const digest = await hashOf(pieces(mib * 32));
      const begun = await fetch(`${base}/uploads/`, { method: "POST" });
      await begun.body?.cancel();
      const path = server.url + begun.headers.get("location");
      const sent = await fetch(path, {
        method: "PATCH",
        body: pieces(mib * 32),
      });
      await sent.body?.cancel();
      strictEqual(sent.status, 202);
      const put = await fetch(`${path}?digest=${digest}`, { method: "PUT" });
      await put.body?.cancel();
      strictEqual(put.status, 201);
      const got = await fetch(`${base}/${digest}`);
      strictEqual(await hashOf(got.body!), digest);
      return await peak(server.pid);
    };
    await through(16);
    const small = await through(32);
    const large = await through(192);
    strictEqual(large - small < 64, true, `${small} MiB, then ${large} MiB`);
  },
});

/** Sends text as it is, and gives the beginning of what comes back. */
async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const buffer = new Uint8Array(1024);
  const reading = connection.read(buffer).catch(() => null);
  const bytes = new TextEncoder().encode(text);
  // A server that has heard enough closes the connection meanwhile.
  const writing = writeAll(connection, bytes).catch(() => {});
  const answer = new TextDecoder().decode(
    buffer.subarray(0, await reading ?? 0),
  );
  connection.close();
  await writing;
  return answer;
}

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await to.write(bytes.subarray(at));
  }
}

Deno.test("A registry survives requests that are none", async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  await using server = await startServer(storage, { stopMs: 1 });
  const end = "Connection: close\r\n\r\n";
  const line = "GET /v2/ HTTP/1.1\r\nHost: x\r\n";
  strictEqual(/^HTTP\/1\.1 200 /.test(await raw(server.url, line + end)), true);
  for (
    const text of [
      "garbage\r\n\r\n",
      `${line}X: ${"x".repeat(2 * MIB)}\r\n${end}`,
      `${line}${"X: y\r\n".repeat(20_000)}${end}`,
      `GET /${"x".repeat(2 * MIB)} HTTP/1.1\r\nHost: x\r\n${end}`,
      `POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n${end}`,
      `PATCH /v2/a/blobs/uploads/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n${end}zz\r\n`,
    ]
  ) {
    const answer = await raw(server.url, text);
    strictEqual(/^HTTP\/1\.1 [25]/.test(answer), false, answer.slice(0, 80));
  }
  match(await raw(server.url, line + end), /^HTTP\/1\.1 200 /);
});

Deno.test("A registry gives up clients that send nothing, and keeps what they sent", async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  const limits = { idleMs: 20 };
  await using server = await startServer(storage, { limits, stopMs: 1 });
  const begun = await fetch(`${server.url}/v2/app/blobs/uploads/`, {
    method: "POST",
  });
  await begun.body?.cancel();
  const path = begun.headers.get("location") ?? "";
  const answer = await raw(
    server.url,
    `PATCH ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n12345`,
  );
  match(answer, /^HTTP\/1\.1 408 /);
  const status = await fetch(server.url + path);
  strictEqual(status.headers.get("range"), "0-4");
});

Deno.test("A registry that is told to stop finishes the upload under way", async () => {
  await using dir = await tempDir();
  const server = await served(dir.path);
  await using _ = server;
  const bytes = noise(300_000, 3);
  const digest = digestOf(bytes);
  const begun = await fetch(`${server.url}/v2/app/blobs/uploads/`, {
    method: "POST",
  });
  await begun.body?.cancel();
  const path = server.url + begun.headers.get("location");
  const half = Promise.withResolvers<void>();
  const rest = Promise.withResolvers<void>();
  let part = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (part++ === 0) return controller.enqueue(bytes.slice(0, 200_000));
      half.resolve();
      await rest.promise;
      controller.enqueue(bytes.slice(200_000));
      controller.close();
    },
  }, { highWaterMark: 0 });
  const put = fetch(`${path}?digest=${digest}`, { method: "PUT", body });
  await half.promise;
  // Until it is on the other side.
  const range = async () => (await fetch(path)).headers.get("range");
  while (await range() !== "0-199999");
  const ended = server.kill("SIGTERM");
  rest.resolve();
  const answer = await put;
  await answer.body?.cancel();
  strictEqual(answer.status, 201);
  strictEqual((await ended).code, 0);
  const file = join(dir.path, "app", "blobs", ...digest.split(":"));
  deepStrictEqual(await Deno.readFile(file), bytes);
});
