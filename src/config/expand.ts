/**
 * Expands the templates in a configuration file, with errors that name the place.
 *
 * @module
 */
import { messageOf, RegError } from "../base/errors.ts";
import { renderTemplate, type Result } from "../template/mod.ts";
import type { Credential } from "./creds.ts";
import { formatProblem } from "./decode.ts";
import type { Position } from "./yaml.ts";

/** What the functions `env` and `file` of templates read. */
export interface TemplateSources {
  /** Reads a variable. @default {() => undefined} */
  readonly env?: ((name: string) => string | undefined) | undefined;
  /** Reads a file. @default {fails} */
  readonly readFile?: ((path: string) => string | Uint8Array) | undefined;
}

/** Options for {@linkcode Expander}. */
export interface ExpanderOptions extends TemplateSources {
  /** The file's name, for messages. */
  readonly file: string;
  /** Where each value is, by its path. */
  readonly places: ReadonlyMap<string, Position>;
}

/** Where a file starts. */
export const START: Position = { line: 1, column: 1 };

/** The keys of `creds` that are templates in every tool. */
export const CREDENTIAL_TEMPLATES = [
  "user",
  "pass",
  "regcert",
  "clientCert",
  "clientKey",
] as const;

/** Expands the templates of one file. */
export class Expander {
  readonly #options: ExpanderOptions;

  /** Makes an expander for a file. */
  constructor(options: ExpanderOptions) {
    this.#options = options;
  }

  /**
   * Expands one value.
   *
   * @throws {RegError} `config`, with the place and the template's own message.
   */
  expand(
    text: string,
    options: { readonly path: string; readonly data?: Result },
  ): string {
    const { path, data } = options;
    if (!text.includes("{{")) return text;
    const { env, readFile } = this.#options;
    try {
      return renderTemplate(text, data, { env, readFile });
    } catch (error) {
      throw this.refused(
        path,
        `${messageOf(error)}; found ${JSON.stringify(text)}`,
      );
    }
  }

  /** Expands keys of an entry of `creds`. */
  credential(
    entry: Credential,
    options: {
      readonly path: string;
      readonly keys: readonly (
        | "registry"
        | typeof CREDENTIAL_TEMPLATES[number]
      )[];
    },
  ): Credential {
    const { path, keys } = options;
    const expanded = keys.flatMap((key) => {
      const text = entry[key];
      return text === undefined
        ? []
        : [[key, this.expand(text, { path: `${path}.${key}` })] as const];
    });
    return { ...entry, ...Object.fromEntries(expanded) };
  }

  /** An error about the value at a path. */
  refused(path: string, message: string): RegError {
    const { file, places } = this.#options;
    const at = places.get(path) ?? START;
    return new RegError(
      "config",
      formatProblem({ severity: "error", at, path, message }, file),
    );
  }
}
