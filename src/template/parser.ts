/**
 * Turns the text of a template into a tree.
 *
 * Control structures are kept on a stack of our own, so that their nesting
 * cannot overflow JavaScript's.
 *
 * @module
 */
import {
  type ByteString,
  fromBytes,
  toByteString,
  trimSpace,
} from "./byte_string.ts";
import type { Token } from "./lexer.ts";
import type { Node, PipeNode } from "./node.ts";
import { PipelineParser, unquoted } from "./pipeline_parser.ts";
import { quote } from "./quote.ts";
import { newScope, type Scope, TokenStream } from "./token_stream.ts";

/** What a template's text became. */
export interface ParsedTemplate {
  /** The name in messages. */
  readonly root: string;
  /** The text. */
  readonly text: ByteString;
  /** The body of each template by its name, the root's among them. */
  readonly trees: ReadonlyMap<ByteString, readonly Node[]>;
}

/** Options for {@linkcode parseTemplate}. */
export interface ParseOptions {
  /** The name in messages. @default {"out"} */
  readonly root?: string;
  /** Tells whether there is a function of a name. */
  readonly hasFunction: (name: string) => boolean;
}

/**
 * Parses a template.
 *
 * @throws {TemplateError} With Go's message.
 */
export function parseTemplate(
  text: string | Uint8Array,
  options: ParseOptions,
): ParsedTemplate {
  const { root = "out", hasFunction } = options;
  const bytes = typeof text === "string" ? toByteString(text) : fromBytes(text);
  const parser = new Parser(new TokenStream(bytes, root), hasFunction);
  return { root, text: bytes, trees: parser.parse() };
}

/** A control structure, or a template, whose end has not come yet. */
interface Open {
  readonly kind: "root" | "define" | "block" | "if" | "range" | "with";
  readonly at: number;
  readonly pipe?: PipeNode;
  readonly name: ByteString;
  readonly body: Node[];
  otherwise?: Node[];
  /** It is the `if` of an `else if`: the end ends what is around it as well. */
  readonly chained: boolean;
  /** How many variables there were before. */
  readonly variables: number;
  /** What the templates around it had, where it is one. */
  readonly saved?: Scope;
  /** The line that errors about a block name: that of its clause. */
  readonly line?: number;
}

class Parser {
  readonly #tokens: TokenStream;
  readonly #pipelines: PipelineParser;
  readonly #trees = new Map<ByteString, readonly Node[]>();
  readonly #open: Open[] = [];

  constructor(
    tokens: TokenStream,
    hasFunction: (name: string) => boolean,
  ) {
    this.#tokens = tokens;
    this.#pipelines = new PipelineParser(tokens, hasFunction);
  }

  parse(): ReadonlyMap<ByteString, readonly Node[]> {
    try {
      return this.#parse();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw this.#tokens.error("max expression depth exceeded");
    }
  }

  #parse(): ReadonlyMap<ByteString, readonly Node[]> {
    const root: Open = {
      kind: "root",
      at: 0,
      name: toByteString(this.#tokens.root),
      body: [],
      chained: false,
      variables: 1,
    };
    this.#open.push(root);
    for (;;) {
      const token = this.#tokens.nextNonSpace();
      if (token.kind === "eof") break;
      if (token.kind === "text") {
        this.#add({ type: "text", at: token.at, text: token.text });
      } else if (token.kind === "{{") this.#action(token);
      else throw this.#tokens.unexpected(token, "input");
    }
    if (this.#innermost() !== root) throw this.#tokens.error("unexpected EOF");
    this.#store(root);
    return this.#trees;
  }

  #innermost(): Open {
    const open = this.#open.at(-1);
    if (open === undefined) throw this.#tokens.error("unexpected {{end}}");
    return open;
  }

  #add(node: Node): void {
    const open = this.#innermost();
    (open.otherwise ?? open.body).push(node);
  }

  #store(template: Open): void {
    const before = this.#trees.get(template.name);
    if (before === undefined || isEmpty(before)) {
      this.#trees.set(template.name, template.body);
    } else if (!isEmpty(template.body)) {
      throw this.#tokens.error(
        `template: multiple definition of template ${quote(template.name)}`,
      );
    }
  }

  #action(delimiter: Token): void {
    const token = this.#tokens.nextNonSpace();
    if (token.kind === "define" && this.#innermost().kind === "root") {
      return this.#define();
    }
    this.#tokens.scope.actionLine = delimiter.line;
    switch (token.kind) {
      case "if":
      case "range":
      case "with":
        return this.#branch(token.kind, false);
      case "block":
        return this.#block();
      case "end":
        this.#tokens.expect("}}", "end");
        this.#tokens.scope.actionLine = 0;
        return this.#end();
      case "else":
        return this.#else();
      case "break":
      case "continue":
        this.#loopControl(token, token.kind);
        break;
      case "template":
        this.#template();
        break;
      default: {
        this.#tokens.putBack(token);
        const pipe = this.#pipelines.pipeline("command", "}}");
        this.#add({ type: "action", at: token.at, pipe });
      }
    }
    this.#tokens.scope.actionLine = 0;
  }

  #loopControl(token: Token, type: "break" | "continue"): void {
    this.#tokens.expect("}}", `{{${type}}}`);
    if (this.#tokens.scope.ranges === 0) {
      throw this.#tokens.error(`{{${type}}} outside {{range}}`);
    }
    this.#add({ type, at: token.at });
  }

  #define(): void {
    const context = "define clause";
    const token = this.#tokens.nextNonSpace();
    const saved = this.#tokens.scope;
    this.#tokens.scope = newScope();
    const name = this.#templateName(token, context);
    this.#tokens.expect("}}", context);
    this.#open.push({
      kind: "define",
      at: token.at,
      name,
      body: [],
      chained: false,
      variables: 1,
      saved,
    });
  }

  #block(): void {
    const context = "block clause";
    const token = this.#tokens.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipelines.pipeline(context, "}}");
    this.#open.push({
      kind: "block",
      at: token.at,
      name,
      pipe,
      body: [],
      chained: false,
      variables: 1,
      saved: this.#tokens.scope,
      line: this.#tokens.line,
    });
    this.#tokens.scope = newScope();
  }

  #template(): void {
    const context = "template clause";
    const token = this.#tokens.nextNonSpace();
    const name = this.#templateName(token, context);
    const following = this.#tokens.nextNonSpace();
    if (following.kind === "}}") {
      return this.#add({
        type: "template",
        at: token.at,
        name,
        pipe: undefined,
      });
    }
    this.#tokens.putBack(following);
    const pipe = this.#pipelines.pipeline(context, "}}");
    this.#add({ type: "template", at: token.at, name, pipe });
  }

  #templateName(token: Token, context: string): ByteString {
    if (token.kind !== "string" && token.kind !== "raw") {
      throw this.#tokens.unexpected(token, context);
    }
    return unquoted(token, this.#tokens);
  }

  #branch(kind: "if" | "range" | "with", chained: boolean): void {
    const variables = this.#tokens.scope.variables.length;
    const pipe = this.#pipelines.pipeline(kind, "}}");
    if (kind === "range") this.#tokens.scope.ranges++;
    const { at } = pipe;
    this.#open.push({ kind, at, name: "", pipe, body: [], chained, variables });
  }

  #else(): void {
    const following = this.#tokens.peekNonSpace();
    const chains = following.kind === "if" || following.kind === "with";
    if (!chains) this.#tokens.expect("}}", "else");
    this.#tokens.scope.actionLine = 0;
    const open = this.#innermost();
    if (open.kind === "root") throw this.#tokens.error("unexpected {{else}}");
    if (open.saved !== undefined) {
      this.#tokens.line = open.line ?? this.#tokens.line;
      throw this.#tokens.error(`unexpected {{else}} in ${open.kind} clause`);
    }
    if (open.otherwise !== undefined) {
      throw this.#tokens.error("expected end; found {{else}}");
    }
    if (open.kind === "range") this.#tokens.scope.ranges--;
    open.otherwise = [];
    if (chains && following.kind === open.kind) {
      this.#tokens.next();
      this.#branch(following.kind, true);
    }
  }

  #end(): void {
    for (;;) {
      const open = this.#innermost();
      if (open.kind === "root") throw this.#tokens.error("unexpected {{end}}");
      this.#open.pop();
      if (open.saved !== undefined) return this.#endTemplate(open, open.saved);
      if (open.kind === "range" && open.otherwise === undefined) {
        this.#tokens.scope.ranges--;
      }
      this.#tokens.scope.variables.length = open.variables;
      this.#addBranch(open);
      if (!open.chained) return;
    }
  }

  #addBranch({ kind, at, pipe, body, otherwise }: Open): void {
    if (pipe === undefined) return;
    if (kind !== "if" && kind !== "range" && kind !== "with") return;
    this.#add({ type: kind, at, pipe, body, otherwise });
  }

  #endTemplate(open: Open, saved: Scope): void {
    this.#store(open);
    this.#tokens.scope = saved;
    if (open.kind !== "block") return;
    this.#tokens.scope.actionLine = 0;
    const { at, name, pipe } = open;
    this.#add({ type: "template", at, name, pipe });
  }
}

/** Whether a template is nothing but space, so that another may take its name. */
function isEmpty(nodes: readonly Node[]): boolean {
  return nodes.every((node) =>
    node.type === "text" && trimSpace(node.text) === ""
  );
}
