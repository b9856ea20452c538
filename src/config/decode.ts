/**
 * Decoders: one definition of a setting gives its type, its check with an error
 * that names file, line, column and key, and its JSON Schema.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import { describe, type Position, type YamlNode } from "./yaml.ts";

/** A JSON Schema, draft 7. */
export type JsonSchema = { readonly [key: string]: unknown };

/** Something in a file that is wrong, or probably not meant. */
export interface Problem {
  /** An error refuses the file; a warning does not. */
  readonly severity: "error" | "warning";
  /** Where it is. */
  readonly at: Position;
  /** The key's path, such as `sync[2].tags.allow[0]`; empty for the file. */
  readonly path: string;
  /** What is wrong, what was found, what is accepted. */
  readonly message: string;
}

/** Reads one kind of value out of a YAML tree. */
export interface Decoder<T> {
  /** What is accepted, in a few words. */
  readonly expects: string;
  /** The same for editors. */
  readonly schema: JsonSchema;
  /** The value; `undefined` where it was reported as wrong. */
  decode(node: YamlNode, report: Report): T | undefined;
}

/** The type of what a decoder gives. */
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

/** What a file is found to hold, beside its values. */
export interface Findings {
  /** What is wrong. */
  readonly problems: Problem[];
  /** Where each value is, by its path. */
  readonly places: Map<string, Position>;
}

/** Collects what is found at one path of a file. */
export class Report {
  /** The path of the value that is being read. */
  readonly path: string;
  readonly #findings: Findings;

  /**
   * Starts at the root of a file.
   *
   * @param findings Takes what is found.
   * @param path Where this one is.
   */
  constructor(findings: Findings, path = "") {
    this.#findings = findings;
    this.path = path;
  }

  /**
   * The report for a value inside this one.
   *
   * @param step Its key or its index.
   * @param at Where it is.
   */
  inside(step: string | number, at: Position): Report {
    const path = typeof step === "number"
      ? `${this.path}[${step}]`
      : this.path === ""
      ? step
      : `${this.path}.${step}`;
    this.#findings.places.set(path, at);
    return new Report(this.#findings, path);
  }

  /** Refuses the file. */
  error(at: Position, message: string): void {
    this.#add("error", at, message);
  }

  /** Points out what is probably not meant. */
  warn(at: Position, message: string): void {
    this.#add("warning", at, message);
  }

  /** Refuses a node of the wrong kind or form. */
  wrong(node: YamlNode, expects: string, why = ""): undefined {
    const found = `found ${describe(node)}; expected ${expects}`;
    this.error(node.at, why === "" ? found : `${why}; ${found}`);
  }

  #add(severity: Problem["severity"], at: Position, message: string): void {
    this.#findings.problems.push({ severity, at, path: this.path, message });
  }
}

/** What a file gave. */
export interface DecodeResult<T> {
  /** The value. */
  readonly value: T;
  /** What is probably not meant. */
  readonly warnings: readonly Problem[];
  /** Where each value is, by its path. */
  readonly places: ReadonlyMap<string, Position>;
}

/**
 * Reads a whole tree.
 *
 * @throws {RegError} `config` with one line for each error.
 */
export function decode<T>(
  decoder: Decoder<T>,
  tree: YamlNode,
  options: { readonly file?: string } = {},
): DecodeResult<T> {
  const { file = "config" } = options;
  const problems: Problem[] = [];
  const places = new Map<string, Position>();
  const value = decoder.decode(tree, new Report({ problems, places }));
  const errors = problems.filter(({ severity }) => severity === "error");
  if (value === undefined || errors.length > 0) {
    throw new RegError(
      "config",
      errors.map((problem) => formatProblem(problem, file)).join("\n"),
    );
  }
  return { value, warnings: problems, places };
}

/** A problem in one line: `file:line:column: key: message`. */
export function formatProblem(problem: Problem, file: string): string {
  const { at, path, message } = problem;
  const where = `${file}:${at.line}:${at.column}`;
  return path === "" ? `${where}: ${message}` : `${where}: ${path}: ${message}`;
}

/** Looks at a decoded value; returns what is wrong with it. */
export type Check<T> = (value: T) => string | undefined;

/** A schema with its description, where there is one. */
export function describeSchema(
  schema: JsonSchema,
  description?: string,
): JsonSchema {
  return description === undefined ? schema : { description, ...schema };
}
