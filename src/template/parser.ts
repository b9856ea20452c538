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
  toText,
  trimSpace,
} from "./byte_string.ts";
import { TemplateError } from "./errors.ts";
import { describeToken, Lexer, type Token, type TokenKind } from "./lexer.ts";
import type {
  ChainNode,
  CommandNode,
  Node,
  Operand,
  PipeNode,
  VariableNode,
} from "./node.ts";
import { nodeText } from "./node.ts";
import { parseNumber } from "./number_literal.ts";
import { quote, unquote } from "./quote.ts";

// What Go itself allows where stacks are small (WebAssembly); 10000 elsewhere.
const DEEPEST_EXPRESSION = 1000;

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
  const parser = new Parser(bytes, root, hasFunction);
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

/** What begins anew in each template. */
interface Scope {
  variables: string[];
  ranges: number;
  parens: number;
  actionLine: number;
}

const newScope = (): Scope => ({
  variables: ["$"],
  ranges: 0,
  parens: 0,
  actionLine: 0,
});

const OPERANDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "bool",
  "rune",
  "complex",
  ".",
  "field",
  "identifier",
  "number",
  "nil",
  "raw",
  "string",
  "variable",
  "(",
]);

class Parser {
  readonly #root: string;
  readonly #hasFunction: (name: string) => boolean;
  readonly #lexer: Lexer;
  readonly #trees = new Map<ByteString, readonly Node[]>();
  readonly #open: Open[] = [];
  readonly #waiting: Token[] = []; // tokens put back, the next one last
  #line = 1; // of the token read last, which Go's messages name
  #scope = newScope();

  constructor(
    text: ByteString,
    root: string,
    hasFunction: (name: string) => boolean,
  ) {
    this.#lexer = new Lexer(text);
    this.#root = root;
    this.#hasFunction = hasFunction;
  }

  parse(): ReadonlyMap<ByteString, readonly Node[]> {
    try {
      return this.#parse();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw this.#error("max expression depth exceeded");
    }
  }

  #parse(): ReadonlyMap<ByteString, readonly Node[]> {
    const root: Open = {
      kind: "root",
      at: 0,
      name: toByteString(this.#root),
      body: [],
      chained: false,
      variables: 1,
    };
    this.#open.push(root);
    for (;;) {
      const token = this.#nextNonSpace();
      if (token.kind === "eof") break;
      if (token.kind === "text") {
        this.#add({ type: "text", at: token.at, text: token.text });
      } else if (token.kind === "{{") this.#action(token);
      else throw this.#unexpected(token, "input");
    }
    if (this.#innermost() !== root) throw this.#error("unexpected EOF");
    this.#store(root);
    return this.#trees;
  }

  // Tokens.

  #next(): Token {
    const waiting = this.#waiting.pop();
    if (waiting !== undefined) return waiting;
    const token = this.#lexer.next();
    this.#line = token.line;
    return token;
  }

  #putBack(token: Token): void {
    this.#waiting.push(token);
  }

  #peek(): Token {
    const token = this.#next();
    this.#putBack(token);
    return token;
  }

  #nextNonSpace(): Token {
    let token = this.#next();
    while (token.kind === "space") token = this.#next();
    return token;
  }

  #peekNonSpace(): Token {
    const token = this.#nextNonSpace();
    this.#putBack(token);
    return token;
  }

  #expect(kind: TokenKind, context: string): Token {
    const token = this.#nextNonSpace();
    if (token.kind !== kind) throw this.#unexpected(token, context);
    return token;
  }

  #error(detail: ByteString): TemplateError {
    return new TemplateError(
      "parse",
      { line: this.#line, detail: toText(detail) },
      { root: this.#root },
    );
  }

  #unexpected(token: Token, context: string): TemplateError {
    if (token.kind !== "error") {
      return this.#error(`unexpected ${describeToken(token)} in ${context}`);
    }
    const { actionLine } = this.#scope;
    if (actionLine === 0 || actionLine === token.line) {
      return this.#error(token.text);
    }
    const started = `started at ${this.#root}:${actionLine}`;
    return this.#error(
      token.text.endsWith(" action")
        ? `${token.text} ${started}`
        : `${token.text} in action ${started}`,
    );
  }

  // Structure.

  #innermost(): Open {
    const open = this.#open.at(-1);
    if (open === undefined) throw this.#error("unexpected {{end}}");
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
      throw this.#error(
        `template: multiple definition of template ${quote(template.name)}`,
      );
    }
  }

  #action(delimiter: Token): void {
    const token = this.#nextNonSpace();
    if (token.kind === "define" && this.#innermost().kind === "root") {
      return this.#define();
    }
    this.#scope.actionLine = delimiter.line;
    switch (token.kind) {
      case "if":
      case "range":
      case "with":
        return this.#branch(token.kind, false);
      case "block":
        return this.#block();
      case "end":
        this.#expect("}}", "end");
        this.#scope.actionLine = 0;
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
        this.#putBack(token);
        const pipe = this.#pipeline("command", "}}");
        this.#add({ type: "action", at: token.at, pipe });
      }
    }
    this.#scope.actionLine = 0;
  }

  #loopControl(token: Token, type: "break" | "continue"): void {
    this.#expect("}}", `{{${type}}}`);
    if (this.#scope.ranges === 0) {
      throw this.#error(`{{${type}}} outside {{range}}`);
    }
    this.#add({ type, at: token.at });
  }

  #define(): void {
    const context = "define clause";
    const token = this.#nextNonSpace();
    const saved = this.#scope;
    this.#scope = newScope();
    const name = this.#templateName(token, context);
    this.#expect("}}", context);
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
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context, "}}");
    this.#open.push({
      kind: "block",
      at: token.at,
      name,
      pipe,
      body: [],
      chained: false,
      variables: 1,
      saved: this.#scope,
      line: this.#line,
    });
    this.#scope = newScope();
  }

  #template(): void {
    const context = "template clause";
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    const following = this.#nextNonSpace();
    if (following.kind === "}}") {
      return this.#add({
        type: "template",
        at: token.at,
        name,
        pipe: undefined,
      });
    }
    this.#putBack(following);
    const pipe = this.#pipeline(context, "}}");
    this.#add({ type: "template", at: token.at, name, pipe });
  }

  #templateName(token: Token, context: string): ByteString {
    if (token.kind !== "string" && token.kind !== "raw") {
      throw this.#unexpected(token, context);
    }
    return this.#unquote(token);
  }

  #unquote(token: Token): ByteString {
    const text = unquote(token.text);
    if (text === undefined) throw this.#error("invalid syntax");
    return text;
  }

  #branch(kind: "if" | "range" | "with", chained: boolean): void {
    const variables = this.#scope.variables.length;
    const pipe = this.#pipeline(kind, "}}");
    if (kind === "range") this.#scope.ranges++;
    const { at } = pipe;
    this.#open.push({ kind, at, name: "", pipe, body: [], chained, variables });
  }

  #else(): void {
    const following = this.#peekNonSpace();
    const chains = following.kind === "if" || following.kind === "with";
    if (!chains) this.#expect("}}", "else");
    this.#scope.actionLine = 0;
    const open = this.#innermost();
    if (open.kind === "root") throw this.#error("unexpected {{else}}");
    if (open.saved !== undefined) {
      this.#line = open.line ?? this.#line;
      throw this.#error(`unexpected {{else}} in ${open.kind} clause`);
    }
    if (open.otherwise !== undefined) {
      throw this.#error("expected end; found {{else}}");
    }
    if (open.kind === "range") this.#scope.ranges--;
    open.otherwise = [];
    if (chains && following.kind === open.kind) {
      this.#next();
      this.#branch(following.kind, true);
    }
  }

  #end(): void {
    for (;;) {
      const open = this.#innermost();
      if (open.kind === "root") throw this.#error("unexpected {{end}}");
      this.#open.pop();
      if (open.saved !== undefined) return this.#endTemplate(open, open.saved);
      if (open.kind === "range" && open.otherwise === undefined) {
        this.#scope.ranges--;
      }
      this.#scope.variables.length = open.variables;
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
    this.#scope = saved;
    if (open.kind !== "block") return;
    this.#scope.actionLine = 0;
    const { at, name, pipe } = open;
    this.#add({ type: "template", at, name, pipe });
  }

  // Expressions.

  #pipeline(context: string, end: "}}" | ")"): PipeNode {
    const { at } = this.#peekNonSpace();
    const { variables, assigns } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#nextNonSpace();
      if (token.kind === end) break;
      if (!OPERANDS.has(token.kind)) throw this.#unexpected(token, context);
      this.#putBack(token);
      commands.push(this.#command());
    }
    this.#check(commands, context);
    return { type: "pipe", at, variables, assigns, commands };
  }

  #check(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) {
      throw this.#error(`missing value for ${context}`);
    }
    for (const [i, { args }] of commands.entries()) {
      if (i > 0 && args[0] !== undefined && isConstant(args[0])) {
        throw this.#error(
          `non executable command in pipeline stage ${i + 1}`,
        );
      }
    }
  }

  /** Reads `$x :=`, `$x =` and, for range, `$x, $y :=`. */
  #declarations(context: string): {
    readonly variables: VariableNode[];
    readonly assigns: boolean;
  } {
    const variables: VariableNode[] = [];
    while (this.#peekNonSpace().kind === "variable") {
      const token = this.#nextNonSpace();
      const after = this.#peek();
      const following = this.#peekNonSpace();
      const declares = following.kind === "=" || following.kind === ":=";
      if (!declares && !(following.kind === "char" && following.text === ",")) {
        if (after.kind === "space") this.#putBack(after);
        this.#putBack(token);
        break;
      }
      this.#nextNonSpace();
      variables.push(variableNode(token.at, token.text));
      this.#scope.variables.push(token.text);
      if (declares) return { variables, assigns: following.kind === "=" };
      this.#checkSecond(context, variables.length);
    }
    return { variables, assigns: false };
  }

  #checkSecond(context: string, count: number): void {
    if (context !== "range" || count > 1) {
      throw this.#error(`too many declarations in ${context}`);
    }
    const { kind } = this.#peekNonSpace();
    if (kind !== "variable" && kind !== "}}" && kind !== ")") {
      throw this.#error("range can only initialize variables");
    }
  }

  #command(): CommandNode {
    const { at } = this.#peekNonSpace();
    const args: Operand[] = [];
    for (;;) {
      const operand = this.#operand();
      if (operand !== undefined) args.push(operand);
      const token = this.#next();
      if (token.kind === "space") continue;
      if (token.kind === "}}" || token.kind === ")") this.#putBack(token);
      else if (token.kind !== "|") throw this.#unexpected(token, "operand");
      break;
    }
    if (args.length === 0) throw this.#error("empty command");
    return { type: "command", at, args };
  }

  #operand(): Operand | undefined {
    const term = this.#term();
    if (term === undefined) return undefined;
    const first = this.#peek();
    if (first.kind !== "field") return term;
    let fields = "";
    while (this.#peek().kind === "field") fields += this.#next().text;
    const names = fields.slice(1).split(".");
    switch (term.type) {
      case "field":
      case "variable":
        return { ...term, at: first.at, names: [...term.names, ...names] };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        throw this.#error(
          `unexpected . after term ${quote(nodeText(term))}`,
        );
      default: {
        const chain: ChainNode = {
          type: "chain",
          at: first.at,
          operand: term,
          names,
        };
        return chain;
      }
    }
  }

  #term(): Operand | undefined {
    const token = this.#nextNonSpace();
    const { at, text } = token;
    switch (token.kind) {
      case "identifier":
        if (!this.#hasFunction(toText(text))) {
          throw this.#error(`function ${quote(text)} not defined`);
        }
        return { type: "identifier", at, name: text };
      case ".":
        return { type: "dot", at };
      case "nil":
        return { type: "nil", at };
      case "variable":
        return this.#variable(token);
      case "field":
        return { type: "field", at, names: text.slice(1).split(".") };
      case "bool":
        return { type: "bool", at, value: text === "true" };
      case "rune":
      case "complex":
      case "number": {
        const number = parseNumber(text, token.kind);
        if (typeof number === "string") throw this.#error(number);
        return { type: "number", at, ...number };
      }
      case "(":
        return this.#parenthesized();
      case "string":
      case "raw":
        return {
          type: "string",
          at,
          quoted: text,
          value: this.#unquote(token),
        };
      default:
        this.#putBack(token);
        return undefined;
    }
  }

  #variable(token: Token): VariableNode {
    const variable = variableNode(token.at, token.text);
    const name = variable.names[0] ?? "";
    if (!this.#scope.variables.includes(name)) {
      throw this.#error(`undefined variable ${quote(name)}`);
    }
    return variable;
  }

  #parenthesized(): PipeNode {
    if (this.#scope.parens >= DEEPEST_EXPRESSION) {
      throw this.#error("max expression depth exceeded");
    }
    this.#scope.parens++;
    const pipe = this.#pipeline("parenthesized pipeline", ")");
    this.#scope.parens--;
    return pipe;
  }
}

function variableNode(at: number, text: ByteString): VariableNode {
  return { type: "variable", at, names: text.split(".") };
}

function isConstant({ type }: Operand): boolean {
  return type === "bool" || type === "dot" || type === "nil" ||
    type === "number" || type === "string";
}

/** Whether a template is nothing but space, so that another may take its name. */
function isEmpty(nodes: readonly Node[]): boolean {
  return nodes.every((node) =>
    node.type === "text" && trimSpace(node.text) === ""
  );
}
