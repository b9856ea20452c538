/**
 * Runs a command line in this process and keeps what it says.
 *
 * @module
 */
import { concat } from "../../src/base/concat.ts";
import type { Tool } from "../../src/cli/command.ts";
import type { Input, Io, Output } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";

/** What a command line said. */
export interface CliResult {
  /** The exit status. */
  readonly exit: number;
  /** The standard output as text. */
  readonly stdout: string;
  /** The standard output as bytes. */
  readonly stdoutBytes: Uint8Array;
  /** The standard error as text. */
  readonly stderr: string;
}

/** Options for {@linkcode cli}. */
export interface CliOptions {
  /** The environment; nothing else is seen. @default {{}} */
  readonly env?: Readonly<Record<string, string>>;
  /** What the standard input holds. @default {""} */
  readonly stdin?: string | Uint8Array;
  /** Interrupts. */
  readonly signal?: AbortSignal;
  /** Whether the standard error is a terminal. @default {false} */
  readonly terminal?: boolean;
  /** Whether the standard output is a terminal. @default {false} */
  readonly stdoutTerminal?: boolean;
  /** Makes the standard output fail, as a closed pipe does. */
  readonly stdoutError?: Error;
  /** What commands give up. */
  readonly permissions?: Io["permissions"];
}

/** Runs a tool with the words after its name. */
export async function cli(
  tool: Tool,
  argv: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const { io, out, err } = memoryIo(options);
  const exit = await run(tool, argv, io);
  return {
    exit,
    stdout: out.text,
    stdoutBytes: out.bytes,
    stderr: err.text,
  };
}

/** An Io without a command line, and what it was written. */
export function memoryIo(options: CliOptions = {}): {
  readonly io: Io;
  readonly out: MemoryOutput;
  readonly err: MemoryOutput;
} {
  const { env = {}, terminal = false, stdoutTerminal = false, stdoutError } =
    options;
  const out = new MemoryOutput(stdoutTerminal, stdoutError);
  const err = new MemoryOutput(terminal);
  const io: Io = {
    stdin: memoryInput(options.stdin ?? ""),
    stdout: out,
    stderr: err,
    env: (name) => Object.hasOwn(env, name) ? env[name] : undefined,
    signal: options.signal ?? new AbortController().signal,
    permissions: options.permissions,
  };
  return { io, out, err };
}

/** Keeps what it is written. */
export class MemoryOutput implements Output {
  readonly isTerminal: boolean;
  readonly #error: Error | undefined;
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];

  constructor(isTerminal: boolean, error?: Error) {
    this.isTerminal = isTerminal;
    this.#error = error;
  }

  get bytes(): Uint8Array {
    return concat(this.#chunks);
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  write(chunk: string | Uint8Array): Promise<void> {
    if (this.#error) return Promise.reject(this.#error);
    this.#chunks.push(
      typeof chunk === "string"
        ? new TextEncoder().encode(chunk)
        : new Uint8Array(chunk),
    );
    return Promise.resolve();
  }

  writeSync(text: string): void {
    this.#chunks.push(new TextEncoder().encode(text));
  }

  columns(): number {
    return 80;
  }
}

function memoryInput(content: string | Uint8Array): Input {
  let rest = typeof content === "string"
    ? new TextEncoder().encode(content)
    : new Uint8Array(content);
  return {
    isTerminal: false,
    stream: () => new Blob([rest]).stream(),
    readLine: async ({ prompt } = {}) => {
      await prompt?.();
      if (rest.length === 0) return undefined;
      const end = rest.indexOf(0x0a);
      const line = end < 0 ? rest : rest.subarray(0, end);
      rest = end < 0 ? rest.subarray(rest.length) : rest.subarray(end + 1);
      return new TextDecoder().decode(line);
    },
  };
}
