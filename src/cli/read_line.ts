/**
 * One line from the standard input: typed, hidden, or from a pipe.
 *
 * @module
 */
import { untilAborted } from "../base/until_aborted.ts";
import { HiddenLine } from "./hidden_line.ts";
import type { ReadLineOptions } from "./io.ts";

const NEWLINE = 0x0a;

/** Reads a line; nothing where the input is at its end, or the user leaves. */
export async function readLine(
  { secret = false, prompt = () => Promise.resolve() }: ReadLineOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!secret || !Deno.stdin.isTerminal()) {
    await prompt();
    return await readShown(signal);
  }
  // Before the prompt: what is typed at once must not be shown either.
  Deno.stdin.setRaw(true, { cbreak: true });
  try {
    await prompt();
    return await readHidden(signal);
  } finally {
    Deno.stdin.setRaw(false);
  }
}

/** The bytes of the input, one by one: what follows a line stays for whoever reads next. */
async function* stdinBytes(signal: AbortSignal): AsyncGenerator<number> {
  const one = new Uint8Array(1);
  while (await untilAborted(Deno.stdin.read(one), signal) !== null) {
    yield one[0] ?? 0;
  }
}

async function readShown(signal: AbortSignal): Promise<string | undefined> {
  const typed: number[] = [];
  for await (const byte of stdinBytes(signal)) {
    if (byte === NEWLINE) return decode(typed);
    typed.push(byte);
  }
  return typed.length > 0 ? decode(typed) : undefined;
}

async function readHidden(signal: AbortSignal): Promise<string | undefined> {
  const line = new HiddenLine();
  for await (const byte of stdinBytes(signal)) {
    const state = line.add(byte);
    if (state === "end") return undefined;
    if (state === "line") break;
  }
  return line.text;
}

function decode(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes)).replace(/\r$/, "");
}
