/**
 * Prints a command's value: by its own text, by one of the special words, by a
 * template, or as JSON.
 *
 * @module
 */
import type { FlagValue } from "./flags.ts";
import type { Io } from "./io.ts";
import { safeJson, safeText, shownOn } from "./safe_text.ts";
import { UsageError } from "./usage_error.ts";

/** Text or bytes, at once or as they come. */
export type Content = string | Uint8Array | ReadableStream<Uint8Array>;

/** What a command prints. */
export interface Printable {
  /** What is printed where no template is given; the default template runs where left out. */
  readonly text?: (() => Content | Promise<Content>) | undefined;
  /** What a template sees. */
  readonly view: () => unknown;
  /** The value as JSON, indented by two, with a line end; `jsonPretty` of the view where left out. */
  readonly json?: (() => string | Promise<string>) | undefined;
  /** Templates that mean `text`, the default of the flag first. */
  readonly plain: readonly string[];
  /** The headers of a registry's answer; none from a layout. */
  readonly headers?: Headers | undefined;
  /** The body of a registry's answer. */
  readonly body?: () => Content | Promise<Content>;
}

/** The call of a command with `formatFlags`. */
export interface FormatCall {
  /** Its flags. */
  readonly flags: {
    readonly format: string | undefined;
    readonly output: string | undefined;
  };
  /** What the command line holds. */
  readonly given: ReadonlySet<string>;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
}

const BODY = ["rawBody", "raw-body", "body"];
const HEADERS = ["rawHeaders", "raw-headers", "headers"];

/**
 * Refuses a form of output that does not exist, before anything is asked for.
 *
 * @throws {UsageError}
 */
export function checkFormat(
  flags: Readonly<Record<string, FlagValue>>,
  given: ReadonlySet<string>,
): void {
  const { output } = flags;
  if (output === undefined) return;
  if (given.has("format")) {
    throw new UsageError("--output cannot be used together with --format");
  }
  if (output !== "json") {
    throw new UsageError(
      `unknown output ${JSON.stringify(output)}`,
      "use --output json",
    );
  }
}

/** A value as JSON, as `--output json` prints it. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Prints a value as the flags ask for. */
export async function print(
  io: Io,
  call: FormatCall,
  value: Printable,
): Promise<void> {
  const { flags, given } = call;
  checkFormat(flags, given);
  if (flags.output === "json") return await writeJson(io, call, value);
  const template = flags.format ?? value.plain[0] ?? "";
  const { headers, body } = value;
  if (value.text && value.plain.includes(template)) {
    return await show(io, await value.text());
  }
  if (HEADERS.includes(template) && "headers" in value) {
    return await show(io, headerText(headers));
  }
  if (body && BODY.includes(template)) return await write(io, await body());
  if (body && template === "raw") {
    await show(io, `${headerText(headers)}\n`);
    return await write(io, await body());
  }
  await writeTemplate(io, call, { template, view: await value.view() });
}

async function writeJson(
  io: Io,
  call: FormatCall,
  { json, view }: Printable,
): Promise<void> {
  if (json) return await write(io, shownOn(io.stdout, await json(), safeJson));
  const template = "{{jsonPretty .}}";
  await writeTemplate(io, call, { template, view: await view() });
}

/** Runs a template; what it printed before an error is printed all the same. */
async function writeTemplate(
  io: Io,
  { signal }: FormatCall,
  { template, view }: { readonly template: string; readonly view: unknown },
): Promise<void> {
  if (template === "") return;
  // A library of its own: loaded only where a template is given.
  const { executeTemplate, valueOf } = await import("../template/mod.ts");
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let failure: unknown;
  try {
    executeTemplate(template, valueOf(view), {
      write: (bytes) => void chunks.push(bytes.slice()),
      env: io.env,
      readFile: (path) => Deno.readFileSync(path),
      signal,
    });
  } catch (error) {
    failure = error;
  }
  if (io.stdout.isTerminal && !ESCAPE.test(template)) {
    await write(io, safeText(await new Blob(chunks).text()));
  } else for (const chunk of chunks) await io.stdout.write(chunk);
  if (failure !== undefined) throw failure;
}

/** In a template: its author steers the terminal. */
// deno-lint-ignore no-control-regex
const ESCAPE = /\x1b|\\(?:x1b|u001b|033)/i;

/** Writes what is meant for people; a stream is meant to be kept. */
async function show(io: Io, content: Content): Promise<void> {
  await write(
    io,
    typeof content === "string" ? shownOn(io.stdout, content) : content,
  );
}

/** Writes content as it comes. */
export async function write(io: Io, content: Content): Promise<void> {
  if (typeof content === "string" || content instanceof Uint8Array) {
    return await io.stdout.write(content);
  }
  for await (const chunk of content) await io.stdout.write(chunk);
}

/** Headers as lines, in their canonical spelling and order. */
export function headerText(headers: Headers = new Headers()): string {
  return [...headers]
    .map(([name, value]) => `${canonical(name)}: ${value}\n`)
    .sort()
    .join("");
}

/** `docker-content-digest` as `Docker-Content-Digest`: fetch lower-cases names. */
function canonical(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
