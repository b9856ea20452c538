/**
 * YAML text to a tree that keeps, of every scalar, the text as it was written
 * and where: `3.10` stays `3.10`, and every later error can name its line.
 *
 * @module
 */
import {
  Alias,
  CST,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
} from "yaml";
import { RegError } from "../base/errors.ts";

/** A place in a file; both numbers start at 1. */
export interface Position {
  /** The line. */
  readonly line: number;
  /** The column, in UTF-16 units. */
  readonly column: number;
}

/** Text, with the quotes taken off. */
export interface YamlScalar {
  /** Tells the three kinds of nodes apart. */
  readonly kind: "scalar";
  /** The text as written: numbers are not normalised. */
  readonly text: string;
  /** Written without quotes and without a `!!str` tag: may be null or a number. */
  readonly plain: boolean;
  /** Where it begins. */
  readonly at: Position;
}

/** A sequence. */
export interface YamlList {
  /** Tells the three kinds of nodes apart. */
  readonly kind: "list";
  /** The items in order. */
  readonly items: readonly YamlNode[];
  /** Where it begins. */
  readonly at: Position;
}

/** A mapping, after its merge keys. */
export interface YamlMap {
  /** Tells the three kinds of nodes apart. */
  readonly kind: "map";
  /** The values by key; of a repeated key the last. */
  readonly entries: ReadonlyMap<string, YamlEntry>;
  /** Where it begins. */
  readonly at: Position;
}

/** One key of a mapping. */
export interface YamlEntry {
  /** Where the key is. */
  readonly at: Position;
  /** Its value. */
  readonly value: YamlNode;
  /** Where the same key stood before, whose value is lost. */
  readonly repeats?: Position;
}

/** Anything in a YAML document. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

/** Options for {@linkcode parseYaml}. */
export interface ParseYamlOptions {
  /** The file's name in errors. @default {"config"} */
  readonly file?: string;
}

/** The longest text that is accepted, in UTF-16 units. */
const LONGEST = 16 * 1024 * 1024;

/** How many nodes a document may have once its aliases are followed. */
const MOST_NODES = 200_000;

/** Depth at which a document is refused, well before the stack ends. */
const DEEPEST = 200;

/** Tells whether a node is a plain `null`, `~` or nothing. */
export function isNull(node: YamlNode): boolean {
  return node.kind === "scalar" && node.plain &&
    /^(~|null|Null|NULL|)$/.test(node.text);
}

/**
 * Parses the first document of a YAML text; what follows `---` is ignored.
 * An empty text gives an empty mapping.
 *
 * @throws {RegError} `config` with `file:line:column` for a syntax error, an
 * unknown alias, an alias inside its own anchor, or a document too large.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const tree = parseYaml("version: 3.10");
 * const value = tree.kind === "map" && tree.entries.get("version")?.value;
 * strictEqual(value && value.kind === "scalar" && value.text, "3.10");
 * ```
 */
export function parseYaml(
  text: string,
  options: ParseYamlOptions = {},
): YamlNode {
  const { file = "config" } = options;
  if (text.length > LONGEST) {
    throw new RegError(
      "config",
      `${file}: YAML text is longer than ${LONGEST} characters`,
    );
  }
  const lines = new LineCounter();
  const document = compose(text.replace(/^\ufeff/, ""), lines, file);
  const reader = new Reader(lines, file);
  const [error] = document.errors;
  if (error) throw reader.error(error.pos[0], explain(error.message));
  const root = document.contents;
  const at = { line: 1, column: 1 };
  if (!root) return { kind: "map", entries: new Map(), at };
  const tree = reader.read(root);
  return isNull(tree) ? { kind: "map", entries: new Map(), at } : tree;
}

function compose(text: string, lines: LineCounter, file: string) {
  try {
    return parseDocument(firstDocument(text), {
      schema: "failsafe",
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
  } catch (cause) {
    // The parser recurses: brackets by the thousand end its stack.
    if (!(cause instanceof RangeError)) throw cause;
    throw new RegError("config", `${file}: YAML is nested too deeply`, {
      cause,
    });
  }
}

/** The parser's message: its first line. */
function explain(message: string): string {
  // The parser may report the end of its own stack as if it were a mistake in the text.
  return message.startsWith("Maximum call stack")
    ? "YAML is nested too deeply"
    : message.split("\n", 1)[0] ?? message;
}

/** What the lexer puts among the pieces of the text to stand for no character. */
const MARKS: ReadonlySet<string> = new Set(["\x02", "\x18", "\x1f"]);

/** What may stand before a document without being part of it. */
const OUTSIDE: ReadonlySet<string | null> = new Set([
  "byte-order-mark",
  "comment",
  "directive-line",
  "doc-mode",
  "newline",
  "space",
]);

/** Cuts the text where its second document begins. */
function firstDocument(text: string): string {
  let offset = 0;
  let inside = false;
  for (const source of new Lexer().lex(text)) {
    const type = CST.tokenType(source);
    if (inside && (type === "doc-start" || type === "doc-end")) {
      return text.slice(0, offset);
    }
    inside ||= !OUTSIDE.has(type);
    if (!MARKS.has(source)) offset += source.length;
  }
  return text;
}

/** Turns the parser's nodes into ours. */
class Reader {
  readonly #lines: LineCounter;
  readonly #file: string;
  readonly #anchors = new Map<string, Node>();
  /** Anchored nodes that are being read: an alias to one has no end. */
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(lines: LineCounter, file: string) {
    this.#lines = lines;
    this.#file = file;
  }

  error(offset: number, message: string): RegError {
    const { line, column } = this.#position(offset);
    return new RegError(
      "config",
      `${this.#file}:${line}:${column}: ${message}`,
    );
  }

  #position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  read(node: Node): YamlNode {
    if (++this.#nodes > MOST_NODES) {
      throw this.error(start(node), `more than ${MOST_NODES} values`);
    }
    if (this.#open.size > DEEPEST) {
      throw this.error(start(node), `nested deeper than ${DEEPEST} levels`);
    }
    if (node instanceof Alias) return this.#alias(node);
    // Anchors are noted in document order, as an alias means the last one before it.
    if ("anchor" in node && node.anchor) {
      this.#anchors.set(node.anchor, node);
    }
    this.#open.add(node);
    try {
      return this.#value(node);
    } finally {
      this.#open.delete(node);
    }
  }

  #value(node: Node): YamlNode {
    const at = this.#position(start(node));
    if (isMap(node)) return { kind: "map", entries: this.#map(node.items), at };
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as Node));
      return { kind: "list", items, at };
    }
    if (isScalar(node)) return scalar(node, at);
    throw this.error(start(node), "unsupported kind of YAML node");
  }

  #alias(node: Alias): YamlNode {
    const target = this.#anchors.get(node.source);
    if (!target) {
      throw this.error(start(node), `could not find alias "${node.source}"`);
    }
    if (this.#open.has(target)) {
      throw this.error(
        start(node),
        `alias "${node.source}" is inside its own anchor`,
      );
    }
    return this.read(target);
  }

  #map(pairs: readonly Pair[]): Map<string, YamlEntry> {
    const merged = new Map<string, YamlEntry>();
    const explicit = new Map<string, YamlEntry>();
    for (const pair of pairs) {
      const key = this.#key(pair);
      const value = pair.value
        ? this.read(pair.value as Node)
        : { kind: "scalar", text: "", plain: true, at: key.at } as const;
      if (key.plain && key.text === "<<") {
        for (const [name, entry] of this.#merge(pair, value)) {
          merged.set(name, entry);
        }
        continue;
      }
      const before = explicit.get(key.text);
      explicit.delete(key.text);
      explicit.set(key.text, {
        at: key.at,
        value,
        ...before && { repeats: before.at },
      });
    }
    return new Map([...merged, ...explicit]);
  }

  #key(pair: Pair): YamlScalar {
    const key = this.read(pair.key as Node);
    if (key.kind === "scalar") return key;
    throw this.error(start(pair.key as Node), "a key must be text");
  }

  /** What a `<<` brings in: of a list of mappings, the earlier ones win. */
  #merge(pair: Pair, value: YamlNode): Map<string, YamlEntry> {
    const sources = value.kind === "list" ? value.items : [value];
    const merged = new Map<string, YamlEntry>();
    for (const source of sources) {
      if (isNull(source)) continue;
      if (source.kind !== "map") {
        throw this.error(
          start(pair.key as Node),
          `"<<" takes a mapping or a list of mappings, found ${
            describe(source)
          }`,
        );
      }
      for (const [name, entry] of source.entries) {
        if (!merged.has(name)) merged.set(name, entry);
      }
    }
    return merged;
  }
}

function start(node: Node): number {
  return node.range?.[0] ?? 0;
}

function scalar(node: Scalar, at: Position): YamlScalar {
  const tagged = node.tag !== undefined && node.tag.endsWith(":str");
  const plain = node.type === undefined || node.type === Scalar.PLAIN;
  return {
    kind: "scalar",
    text: plain && node.source !== undefined && !node.source.includes("\n")
      ? node.source
      : String(node.value ?? ""),
    plain: plain && !tagged,
    at,
  };
}

/** A node in a few words, for messages: `"60"`, `a list`, `a mapping`. */
export function describe(node: YamlNode): string {
  if (isNull(node)) return "nothing";
  switch (node.kind) {
    case "list":
      return "a list";
    case "map":
      return "a mapping";
    case "scalar": {
      const text = node.text.length > 80
        ? `${node.text.slice(0, 77)}...`
        : node.text;
      return JSON.stringify(text);
    }
  }
}
