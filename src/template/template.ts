/**
 * Parsing and running templates.
 *
 * @module
 */
import { LimitedBudget, type Limits } from "./budget.ts";
import { BUILTINS } from "./builtins.ts";
import { fromBytes, toText } from "./byte_string.ts";
import type { MissingKey } from "./plain_field.ts";
import { runTemplate } from "./exec.ts";
import type { FunctionMap } from "./function.ts";
import { FUNCTIONS } from "./functions.ts";
import { type ParsedTemplate, parseTemplate } from "./parser.ts";
import type { Result } from "./type.ts";

/** Options for parsing. */
export interface TemplateOptions {
  /** The functions besides Go's own. @default {FUNCTIONS} */
  readonly functions?: FunctionMap | undefined;
  /** The name in messages. @default {"out"} */
  readonly name?: string | undefined;
}

/** Options for running. */
export interface ExecuteOptions extends Limits {
  /** Gets the output, piece by piece, also what came before an error. */
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Reads an environment variable. @default {() => undefined} */
  readonly env?: ((name: string) => string | undefined) | undefined;
  /** Reads a file; whatever it throws counts as no file. @default {fails} */
  readonly readFile?: ((path: string) => string | Uint8Array) | undefined;
  /** What a missing key of a map gives. @default {"invalid"} */
  readonly missingKey?: MissingKey | undefined;
}

function noFile(): never {
  throw new Error("There are no files here");
}

/** A parsed template. */
export class Template {
  readonly #parsed: ParsedTemplate;
  readonly #functions: FunctionMap;

  /**
   * Parses a template.
   *
   * @throws {TemplateError} With Go's message.
   */
  constructor(text: string | Uint8Array, options: TemplateOptions = {}) {
    const { functions = FUNCTIONS, name = "out" } = options;
    this.#functions = functions;
    this.#parsed = parseTemplate(text, {
      root: name,
      hasFunction: (name) => functions.has(name) || BUILTINS.has(name),
    });
  }

  /**
   * Runs the template.
   *
   * @throws {TemplateError} With Go's message.
   * @throws {RegError} `limit` or `timeout`; the reason of the signal.
   */
  execute(data: Result, options: ExecuteOptions): void {
    const {
      write,
      env = () => undefined,
      readFile = noFile,
      missingKey = "invalid",
      ...limits
    } = options;
    const budget = new LimitedBudget(limits);
    runTemplate(this.#parsed, data, {
      write,
      budget,
      functions: this.#functions,
      builtins: BUILTINS,
      missingKey,
      surroundings: { budget, env, readFile },
    });
  }
}

/**
 * Parses a template and runs it.
 *
 * @throws {TemplateError} With Go's message.
 * @throws {RegError} `limit` or `timeout`; the reason of the signal.
 */
export function executeTemplate(
  text: string,
  data: Result,
  options: ExecuteOptions & TemplateOptions,
): void {
  new Template(text, options).execute(data, options);
}

/**
 * Parses a template, runs it and gives its output; bytes that are no UTF-8 become U+FFFD.
 *
 * @throws {TemplateError} With Go's message.
 * @throws {RegError} `limit` or `timeout`; the reason of the signal.
 *
 * @example The tags of a list
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { renderTemplate, valueOf } from "./mod.ts";
 *
 * const data = valueOf({ tags: ["v1", "v2"] });
 * const text = "{{ range .tags }}{{ println . }}{{ end }}";
 * strictEqual(renderTemplate(text, data), "v1\nv2\n");
 * ```
 */
export function renderTemplate(
  text: string,
  data: Result,
  options: Omit<ExecuteOptions, "write"> & TemplateOptions = {},
): string {
  let out = "";
  const write = (bytes: Uint8Array) => {
    out += fromBytes(bytes);
  };
  executeTemplate(text, data, { ...options, write });
  return toText(out);
}
