/** Programs as tests run them: to the end, or in the background. */

/** Milliseconds until a wait for output is given up: hanging is failing. */
const PATIENCE = 60_000;

/** Options for {@linkcode run} and {@linkcode start}. */
export interface ProcessOptions {
  /** The folder to run in. */
  readonly cwd?: string;
  /** Variables to add; the whole environment where `clearEnv` is set. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gives the program only `env`. @default {false} */
  readonly clearEnv?: boolean;
}

/** What a program that ended has left. */
export interface Finished {
  /** Its exit status. */
  readonly code: number;
  /** What it wrote to stdout. */
  readonly stdout: string;
  /** What it wrote to stderr. */
  readonly stderr: string;
}

/** Runs a program to its end, with `stdin` as its input. */
export async function run(
  program: string,
  args: readonly string[],
  options: ProcessOptions & { readonly stdin?: string | Uint8Array } = {},
): Promise<Finished> {
  const { stdin, ...rest } = options;
  const child = new Deno.Command(program, {
    args: [...args],
    ...rest,
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (stdin !== undefined) {
    const bytes = typeof stdin === "string"
      ? new TextEncoder().encode(stdin)
      : stdin;
    const writer = child.stdin.getWriter();
    // A program that ends without reading its input is no failure of the test.
    await writer.write(bytes).then(() => writer.close()).catch(() => {});
  }
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Runs a program to its end and throws with its output unless it ends well. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: Parameters<typeof run>[2] = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(" ")} ended ${code}: ${stderr}`);
}

/** A program in the background. Disposing it ends it. */
export interface Running extends AsyncDisposable {
  /** Its process id. */
  readonly pid: number;
  /** All that it has written so far, stdout and stderr as they came. */
  output(): string;
  /** Waits until the output matches and gives the match; throws when it ends before, or after a minute. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal. */
  kill(signal: Deno.Signal): void;
  /** Settles when it has ended. */
  readonly status: Promise<Deno.CommandStatus>;
}

/** Starts a program in the background. */
export function start(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Running {
  const child = new Deno.Command(program, {
    args: [...args],
    ...options,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  let ended = false;
  let sleepers: (() => void)[] = [];
  const wake = () => {
    for (const resolve of sleepers) resolve();
    sleepers = [];
  };
  const drain = async (stream: ReadableStream<Uint8Array>) => {
    const text = new TextDecoder();
    for await (const chunk of stream) {
      output += text.decode(chunk, { stream: true });
      wake();
    }
  };
  const drained = Promise.all([drain(child.stdout), drain(child.stderr)]);
  const over = drained.then(() => {
    ended = true;
    wake();
  });
  const kill = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch (error) {
      // It has ended already.
      if (
        !(error instanceof TypeError || error instanceof Deno.errors.NotFound)
      ) throw error;
    }
  };
  return {
    pid: child.pid,
    status: child.status,
    output: () => output,
    kill,
    async waitFor(pattern) {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        late.reject(new Error(`${program} never wrote ${pattern}: ${output}`));
      }, PATIENCE);
      try {
        for (;;) {
          const match = pattern.exec(output);
          if (match) return match;
          if (ended) {
            throw new Error(`${program} ended before ${pattern}: ${output}`);
          }
          const more = new Promise<void>((resolve) => sleepers.push(resolve));
          await Promise.race([more, late.promise]);
        }
      } finally {
        clearTimeout(timer);
      }
    },
    async [Symbol.asyncDispose]() {
      kill("SIGKILL");
      await child.status;
      await over;
    },
  };
}
