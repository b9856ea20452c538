import { match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import type { Io, Output } from "../../../src/cli/io.ts";
import { run } from "../../../src/cli/run.ts";
import { regctl } from "../../../src/cmd/regctl/mod.ts";
import { cli } from "../../support/cli.ts";
import { tempDir } from "../../support/temp.ts";

interface Serving extends AsyncDisposable {
  readonly url: string;
  /** Stops it, and gives the exit status and what it logged. */
  stop(): Promise<{ readonly exit: number; readonly stderr: string }>;
}

/** Runs `regctl serve` until it is stopped. */
async function serving(...argv: string[]): Promise<Serving> {
  const controller = new AbortController();
  const listening = Promise.withResolvers<string>();
  let stderr = "";
  const output = (take: (text: string) => void): Output => ({
    write: (chunk) => Promise.resolve(take(String(chunk))),
    writeSync: take,
    isTerminal: false,
    columns: () => 80,
  });
  const io: Io = {
    stdin: {
      stream: () => ReadableStream.from([]),
      readLine: () => Promise.resolve(undefined),
      isTerminal: false,
    },
    stdout: output((text) => listening.resolve(text)),
    stderr: output((text) => void (stderr += text)),
    env: () => undefined,
    signal: controller.signal,
  };
  const words = ["serve", "--addr", "127.0.0.1:0", ...argv];
  const done = run(regctl, words, io);
  const text = await Promise.race([
    listening.promise,
    done.then(() => Promise.reject(new Error(stderr))),
  ]);
  const address = /^Listening on (127\.0\.0\.1:\d+)\n$/.exec(text)?.[1];
  const stop = async () => {
    controller.abort();
    return { exit: await done, stderr };
  };
  return {
    url: `http://${address}`,
    stop,
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}

async function ask(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response.status;
}

Deno.test("regctl serve says where it listens, logs requests, and ends with 0", async () => {
  await using server = await serving("--memory", "-v", "info");
  strictEqual(await ask(`${server.url}/v2/`), 200);
  strictEqual(await ask(`${server.url}/healthz`), 200);
  const { exit, stderr } = await server.stop();
  strictEqual(exit, 0);
  match(stderr, /level=INFO msg=Request method=GET path=\/v2\/ status=200 /);
  match(stderr, /level=INFO msg=Stopping /);
  strictEqual(stderr.includes("healthz"), false);
});

Deno.test("regctl serve keeps what is pushed in its directory", async () => {
  await using dir = await tempDir();
  const root = join(dir.path, "images");
  const digest =
    "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
  {
    await using server = await serving(root);
    const path = `/v2/app/blobs/uploads/?digest=${digest}`;
    const init = { method: "POST", body: "{}" };
    strictEqual(await ask(server.url + path, init), 201);
  }
  await using server = await serving(root, "--read-only");
  strictEqual(await ask(`${server.url}/v2/app/blobs/${digest}`), 200);
  const init = { method: "POST" };
  strictEqual(await ask(`${server.url}/v2/app/blobs/uploads/`, init), 405);
});

Deno.test("regctl serve collects garbage first, where it is told to", async () => {
  await using dir = await tempDir();
  const root = join(dir.path, "images");
  const digest =
    "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
  {
    await using server = await serving(root);
    const path = `/v2/app/blobs/uploads/?digest=${digest}`;
    const init = { method: "POST", body: "{}" };
    strictEqual(await ask(server.url + path, init), 201);
  }
  const status = async (...argv: string[]) => {
    await using server = await serving(root, ...argv);
    return await ask(`${server.url}/v2/app/blobs/${digest}`);
  };
  strictEqual(await status("--gc"), 200);
  const file = join(root, "app", "blobs", ...digest.split(":"));
  const yesterday = new Date(Date.now() - 86_400_000);
  await Deno.utime(file, yesterday, yesterday);
  strictEqual(await status(), 200);
  strictEqual(await status("--gc", "--gc-grace", "36h"), 200);
  strictEqual(await status("--gc"), 404);
});

Deno.test("regctl serve asks for passwords, and lets everybody pull where it is told to", async () => {
  await using dir = await tempDir();
  const file = join(dir.path, "users");
  await Deno.writeTextFile(file, `ann:${hashSync("secret", 4)}\n`);
  const headers = { authorization: `Basic ${btoa("ann:secret")}` };
  {
    await using server = await serving("--memory", "--htpasswd", file);
    strictEqual(await ask(`${server.url}/v2/`), 401);
    strictEqual(await ask(`${server.url}/v2/`, { headers }), 200);
    strictEqual(await ask(`${server.url}/v2/_catalog`), 401);
  }
  const argv = ["--memory", "--htpasswd", file, "--anonymous-pull"];
  await using server = await serving(...argv);
  strictEqual(await ask(`${server.url}/v2/_catalog`), 200);
  const upload = `${server.url}/v2/app/blobs/uploads/`;
  strictEqual(await ask(upload, { method: "POST" }), 401);
  strictEqual(await ask(upload, { method: "POST", headers }), 202);
});

Deno.test("regctl serve keeps to its limits", async () => {
  await using server = await serving("--memory", "--max-blob", "1kB");
  const path = `${server.url}/v2/app/blobs/uploads/?digest=sha256:${
    "0".repeat(64)
  }`;
  const body = new Uint8Array(1001);
  strictEqual(await ask(path, { method: "POST", body }), 413);
});

for (
  const [argv, text] of [
    [[], "use a directory, or --memory"],
    [["d", "--memory"], "not both"],
    [["--memory", "--gc"], "--gc with a directory"],
    [["d", "--gc", "--read-only"], "without --read-only"],
    [["--memory", "--anonymous-pull"], "with --htpasswd"],
    [["--memory", "--tls-cert", "c"], "--tls-key together"],
    [["--memory", "--addr", "5000"], "no HOST:PORT"],
    [["--memory", "--addr", "h:99999"], "no HOST:PORT"],
    [["--memory", "--max-blob", "much"], "Cannot read size"],
    [["--memory", "--max-connections", "0"], "at least one connection"],
    [["--memory", "--max-manifest", "9MiB"], "at most 8MiB"],
  ] as const
) {
  Deno.test(`regctl serve ${argv.join(" ")} makes no sense`, async () => {
    const { exit, stderr } = await cli(regctl, ["serve", ...argv]);
    strictEqual(exit, 2);
    strictEqual(stderr.includes(text), true, stderr);
  });
}

Deno.test("regctl serve says which file it cannot read", async () => {
  for (
    const argv of [
      ["--htpasswd", "/none/users"],
      ["--tls-cert", "/none/cert", "--tls-key", "/none/key"],
    ]
  ) {
    const words = ["serve", "--memory", "--addr", "127.0.0.1:0", ...argv];
    const { exit, stderr } = await cli(regctl, words);
    strictEqual(exit, 1);
    match(stderr, /Cannot read "\/none\/\w+": No such file/);
  }
});
