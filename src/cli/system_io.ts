/**
 * The world itself: standard streams and the environment of this process.
 *
 * @module
 */
import { fileError } from "../base/file_error.ts";
import { untilAborted } from "../base/until_aborted.ts";
import { BrokenPipe, type Input, type Io, type Output } from "./io.ts";
import type { Permissions } from "./permissions.ts";

/** What a standard stream of Deno offers for writing. */
interface Writer {
  write(bytes: Uint8Array): Promise<number>;
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** Options for {@linkcode systemIo}. */
export interface SystemIoOptions {
  /** What the environment held when the program began. @default {what it holds} */
  readonly environment?: Io["env"];
  /** What commands give up of the permissions; nothing where left out. */
  readonly permissions?: Permissions;
}

/**
 * The streams and the environment of this process.
 *
 * @param signal Gives what aborts when the user interrupts, when it is first asked for.
 */
export function systemIo(
  signal: () => AbortSignal,
  options: SystemIoOptions = {},
): Io {
  const { environment = readEnvironment, permissions } = options;
  return {
    stdin: systemInput(signal),
    stdout: systemOutput(Deno.stdout),
    stderr: systemOutput(Deno.stderr),
    env: environment,
    get signal() {
      return signal();
    },
    permissions,
    onHangup,
  };
}

function onHangup(listener: () => void): Disposable {
  // Windows has no such signal.
  if (Deno.build.os === "windows") return { [Symbol.dispose]() {} };
  Deno.addSignalListener("SIGHUP", listener);
  return {
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGHUP", listener),
  };
}

function readEnvironment(name: string): string | undefined {
  return Deno.env.get(name);
}

function systemOutput(writer: Writer): Output {
  const encoder = new TextEncoder();
  const bytesOf = (chunk: string | Uint8Array) =>
    typeof chunk === "string" ? encoder.encode(chunk) : chunk;
  return {
    async write(chunk) {
      let rest = bytesOf(chunk);
      // A text is all there is: nothing is kept waiting by it, and a thread that
      // writes it would take longer to start than most commands do.
      const isText = typeof chunk === "string";
      try {
        while (rest.length > 0) {
          const size = isText
            ? writer.writeSync(rest)
            : await writer.write(rest);
          rest = rest.subarray(size);
        }
      } catch (error) {
        throw asOurs(error);
      }
    },
    writeSync(text) {
      let rest = bytesOf(text);
      try {
        while (rest.length > 0) rest = rest.subarray(writer.writeSync(rest));
      } catch (error) {
        // Nobody reads the log any more: the work itself goes on.
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      }
    },
    get isTerminal() {
      return writer.isTerminal();
    },
    columns: consoleWidth,
  };
}

function asOurs(error: unknown): unknown {
  return error instanceof Deno.errors.BrokenPipe
    ? new BrokenPipe("Cannot write: nobody reads", { cause: error })
    : fileError(error, "write to the standard output");
}

function consoleWidth(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80; // no terminal at all
  }
}

/** Reading from a terminal or a pipe ends with the signal: it could take for ever. */
function systemInput(signal: () => AbortSignal): Input {
  return {
    stream: () => abortable(Deno.stdin.readable, signal()),
    readLine: async (options = {}) =>
      await (await import("./read_line.ts")).readLine(options, signal()),
    get isTerminal() {
      return Deno.stdin.isTerminal();
    },
  };
}

function abortable(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await untilAborted(reader.read(), signal);
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
