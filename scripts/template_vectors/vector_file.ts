/**
 * The format of template vectors: what real Go gave for each template. The
 * notes in tests/template/testdata/README.md describe it.
 *
 * @module
 */

/** A file of vectors. */
export interface VectorFile {
  /** The values that templates run on, by name. */
  readonly fixtures: Readonly<Record<string, Fixture>>;
  /** The Go types of the values, by name. */
  readonly types: Readonly<Record<string, TypeEntry>>;
  /** The templates, with what Go gave for them. */
  readonly cases: readonly VectorCase[];
}

/** A value that templates run on. */
export interface Fixture {
  /** Its Go type. */
  readonly goType: string;
  /** What it is, for people; also the names of time zones. */
  readonly doc: string;
  /** The value with Go's names, to be read with its type. */
  readonly goData: unknown;
  /** What its methods without arguments gave. */
  readonly methodResults?: Readonly<Record<string, unknown>>;
}

/** A Go type. */
export interface TypeEntry {
  /** Its kind. */
  readonly kind: string;
  /** The type of its elements. */
  readonly elem?: string;
  /** The type of its keys. */
  readonly key?: string;
  /** The fields of a struct. */
  readonly fields?: readonly FieldEntry[];
  /** The methods, promoted ones too. */
  readonly methods?: readonly MethodEntry[];
}

/** A field of a struct. */
export interface FieldEntry {
  /** Its Go name. */
  readonly name: string;
  /** Its Go type. */
  readonly type: string;
  /** Its json tag. */
  readonly json: string;
  /** Whether it is embedded. */
  readonly embedded?: boolean;
  /** Whether it is out of reach. */
  readonly unexported?: boolean;
}

/** A method. */
export interface MethodEntry {
  /** Its Go name. */
  readonly name: string;
  /** Its parameters and results, as Go writes them. */
  readonly sig: string;
  /** Whether it is declared on the pointer. */
  readonly ptrReceiver?: boolean;
}

/** A template, with what Go gave for it. */
export interface VectorCase {
  /** Its name: family and number. */
  readonly name: string;
  /** The kind of behaviour. */
  readonly family: string;
  /** The text. */
  readonly template?: string;
  /** The text, where it is no UTF-8. */
  readonly templateBase64?: string;
  /** What `data` holds. */
  readonly dataKind: "json" | "struct";
  /** The data, as JSON. */
  readonly data?: unknown;
  /** The data, as JSON text whose number literals matter. */
  readonly dataText?: string;
  /** The name of the fixture. */
  readonly fixture?: string;
  /** Which functions there are besides Go's own. */
  readonly funcs?: "test" | "regclient";
  /** Options of the template, such as `missingkey=error`. */
  readonly options?: readonly string[];
  /** The environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** What was printed. */
  readonly output?: string;
  /** What was printed, where it is no UTF-8. */
  readonly outputBase64?: string;
  /** The whole text of the error. */
  readonly error?: string;
  /** When it failed. */
  readonly errorStage?: "parse" | "exec";
  /** The line of the error. */
  readonly errorLine?: number;
  /** The node that the error names. */
  readonly errorAt?: string;
  /** The action that failed. */
  readonly errorAction?: string;
  /** What was printed before the error. */
  readonly partialOutput?: string;
  /** What the case depends on besides templates. */
  readonly tags?: readonly string[];
}
