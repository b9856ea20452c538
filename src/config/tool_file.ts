/**
 * What the files of regsync and regbot have in common: their version, their
 * `creds`, and templates whose errors name the place.
 *
 * @module
 */
import type { Credential } from "./creds.ts";
import { decode, type Decoder, type Problem } from "./decode.ts";
import {
  type CREDENTIAL_TEMPLATES,
  Expander,
  type TemplateSources,
} from "./expand.ts";
import { parseYaml, type Position } from "./yaml.ts";

/** Options for loading a file. */
export interface LoadOptions extends TemplateSources {
  /** The file's name, for messages. @default {"config"} */
  readonly file?: string;
}

/** What both files may hold. */
export interface RawFile {
  /** The version of the format. */
  readonly version?: number | undefined;
  /** Registries. */
  readonly creds?: readonly Credential[] | undefined;
}

/** A file that was read, its templates not yet expanded. */
export interface OpenedFile<T extends RawFile> {
  /** What it holds. */
  readonly value: T;
  /** The version of its format. */
  readonly version: number;
  /** What is probably not meant. */
  readonly warnings: readonly Problem[];
  /** Where each value is, by its path. */
  readonly places: ReadonlyMap<string, Position>;
  /** Expands its templates. */
  readonly expander: Expander;
  /** The file's name, for messages. */
  readonly file: string;
}

/**
 * Reads a file by its decoder.
 *
 * @throws {RegError} `config` with `file:line:column: key: …`.
 */
export function openFile<T extends RawFile>(
  decoder: Decoder<T>,
  text: string,
  options: LoadOptions = {},
): OpenedFile<T> {
  const { file = "config" } = options;
  const { value, warnings, places } = decode(
    decoder,
    parseYaml(text, { file }),
    { file },
  );
  const expander = new Expander({ ...options, file, places });
  const version = value.version || 1;
  if (version > 1) {
    throw expander.refused(
      "version",
      `unsupported config version; found "${version}"; expected 1`,
    );
  }
  return { value, version, warnings, places, expander, file };
}

/** The registries of a file, the templates in `keys` expanded. */
export function credsOf(
  { value, expander }: OpenedFile<RawFile>,
  keys: readonly ("registry" | typeof CREDENTIAL_TEMPLATES[number])[],
): readonly Credential[] {
  return (value.creds ?? []).map((entry, index) =>
    expander.credential(entry, { path: `creds[${index}]`, keys })
  );
}
