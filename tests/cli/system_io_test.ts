import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { systemIo } from "../../src/cli/system_io.ts";

/** Runs a script that has `io`, with a file as its standard input. */
async function script(
  body: string,
  options: {
    readonly stdin?: string;
    readonly closeOutput?: boolean;
    readonly silent?: boolean;
  } = {},
) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-check",
      `
      import { systemIo } from ${
        JSON.stringify(
          new URL("../../src/cli/system_io.ts", import.meta.url).href,
        )
      };
      const stop = new AbortController();
      const io = systemIo(() => stop.signal);
      ${body}`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (options.closeOutput) await child.stdout.cancel();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(options.stdin ?? ""));
  if (!options.silent) await writer.close();
  const stderr = await new Response(child.stderr).text();
  const stdout = options.closeOutput
    ? ""
    : await new Response(child.stdout).text();
  const { code } = await child.status;
  if (options.silent) await writer.close().catch(() => {});
  return { code, stdout, stderr };
}

Deno.test("systemIo() reads a line and leaves what follows", async () => {
  const { stdout, stderr } = await script(
    `const line = await io.stdin.readLine();
     const rest = await new Response(io.stdin.stream()).text();
     await io.stdout.write(JSON.stringify([line, rest]));`,
    { stdin: "user\r\npass\nmore" },
  );
  strictEqual(stdout, '["user","pass\\nmore"]', stderr);
});

Deno.test("systemIo() names a reader that went away", async () => {
  const { stderr } = await script(
    `await io.stdin.readLine(); // until our reader is gone
     try { for (;;) await io.stdout.write("x".repeat(1 << 16)); }
     catch (error) { io.stderr.writeSync(error.name); }`,
    { closeOutput: true, stdin: "go\n" },
  );
  strictEqual(stderr, "BrokenPipe");
});

Deno.test("systemIo() stops reading when it is interrupted, whatever is still to come", async () => {
  const { stdout } = await script(
    `const line = io.stdin.readLine();
     stop.abort(new Error("interrupted"));
     const reasons = [await line.catch(({ message }) => message)];
     const rest = new Response(io.stdin.stream()).text();
     reasons.push(await rest.catch(({ message }) => message));
     await io.stdout.write(JSON.stringify(reasons));
     Deno.exit(0);`,
    { silent: true },
  );
  deepStrictEqual(JSON.parse(stdout), ["interrupted", "interrupted"]);
});

Deno.test({
  name: "systemIo() says that the output could not be written to",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using full = await Deno.open("/dev/full", { write: true });
    const { write, writeSync } = Deno.stdout;
    Deno.stdout.write = (bytes) => full.write(bytes);
    Deno.stdout.writeSync = (bytes) => full.writeSync(bytes);
    try {
      const { signal } = new AbortController();
      for (const chunk of ["x", new Uint8Array(1)]) {
        await rejects(systemIo(() => signal).stdout.write(chunk), {
          code: "file",
          message: /^Cannot write to the standard output: No space left/,
        });
      }
    } finally {
      Object.assign(Deno.stdout, { write, writeSync });
    }
  },
});
