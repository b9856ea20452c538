/**
 * Parses pipelines: what is in an action, without its keyword.
 *
 * @module
 */
import { type ByteString, toText } from "./byte_string.ts";
import type { Token, TokenKind } from "./lexer.ts";
import type {
  ChainNode,
  CommandNode,
  Operand,
  PipeNode,
  VariableNode,
} from "./node.ts";
import { nodeText } from "./node.ts";
import { parseNumber } from "./number_literal.ts";
import { quote, unquote } from "./quote.ts";
import type { TokenStream } from "./token_stream.ts";

// What Go itself allows where stacks are small (WebAssembly); 10000 elsewhere.
const DEEPEST_EXPRESSION = 1000;

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

/** Reads pipelines from tokens. */
export class PipelineParser {
  readonly #tokens: TokenStream;
  readonly #hasFunction: (name: string) => boolean;

  /**
   * Makes a parser.
   *
   * @param hasFunction Tells whether there is a function of a name.
   */
  constructor(tokens: TokenStream, hasFunction: (name: string) => boolean) {
    this.#tokens = tokens;
    this.#hasFunction = hasFunction;
  }

  /**
   * Reads a pipeline, with its declarations.
   *
   * @param context What it belongs to, for messages.
   * @param end The token that ends it; it is taken.
   * @throws {TemplateError} With Go's message.
   */
  pipeline(context: string, end: "}}" | ")"): PipeNode {
    const { at } = this.#tokens.peekNonSpace();
    const { variables, assigns } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#tokens.nextNonSpace();
      if (token.kind === end) break;
      if (!OPERANDS.has(token.kind)) {
        throw this.#tokens.unexpected(token, context);
      }
      this.#tokens.putBack(token);
      commands.push(this.#command());
    }
    this.#check(commands, context);
    return { type: "pipe", at, variables, assigns, commands };
  }

  #check(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) {
      throw this.#tokens.error(`missing value for ${context}`);
    }
    for (const [i, { args }] of commands.entries()) {
      if (i > 0 && args[0] !== undefined && isConstant(args[0])) {
        throw this.#tokens.error(
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
    while (this.#tokens.peekNonSpace().kind === "variable") {
      const token = this.#tokens.nextNonSpace();
      const after = this.#tokens.peek();
      const following = this.#tokens.peekNonSpace();
      const declares = following.kind === "=" || following.kind === ":=";
      if (!declares && !(following.kind === "char" && following.text === ",")) {
        if (after.kind === "space") this.#tokens.putBack(after);
        this.#tokens.putBack(token);
        break;
      }
      this.#tokens.nextNonSpace();
      variables.push(variableNode(token.at, token.text));
      this.#tokens.scope.variables.push(token.text);
      if (declares) return { variables, assigns: following.kind === "=" };
      this.#checkSecond(context, variables.length);
    }
    return { variables, assigns: false };
  }

  #checkSecond(context: string, count: number): void {
    if (context !== "range" || count > 1) {
      throw this.#tokens.error(`too many declarations in ${context}`);
    }
    const { kind } = this.#tokens.peekNonSpace();
    if (kind !== "variable" && kind !== "}}" && kind !== ")") {
      throw this.#tokens.error("range can only initialize variables");
    }
  }

  #command(): CommandNode {
    const { at } = this.#tokens.peekNonSpace();
    const args: Operand[] = [];
    for (;;) {
      const operand = this.#operand();
      if (operand !== undefined) args.push(operand);
      const token = this.#tokens.next();
      if (token.kind === "space") continue;
      if (token.kind === "}}" || token.kind === ")") {
        this.#tokens.putBack(token);
      } else if (token.kind !== "|") {
        throw this.#tokens.unexpected(token, "operand");
      }
      break;
    }
    if (args.length === 0) throw this.#tokens.error("empty command");
    return { type: "command", at, args };
  }

  #operand(): Operand | undefined {
    const term = this.#term();
    if (term === undefined) return undefined;
    const first = this.#tokens.peek();
    if (first.kind !== "field") return term;
    let fields = "";
    while (this.#tokens.peek().kind === "field") {
      fields += this.#tokens.next().text;
    }
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
        throw this.#tokens.error(
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
    const token = this.#tokens.nextNonSpace();
    const { at, text } = token;
    switch (token.kind) {
      case "identifier":
        if (!this.#hasFunction(toText(text))) {
          throw this.#tokens.error(`function ${quote(text)} not defined`);
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
        if (typeof number === "string") throw this.#tokens.error(number);
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
          value: unquoted(token, this.#tokens),
        };
      default:
        this.#tokens.putBack(token);
        return undefined;
    }
  }

  #variable(token: Token): VariableNode {
    const variable = variableNode(token.at, token.text);
    const name = variable.names[0] ?? "";
    if (!this.#tokens.scope.variables.includes(name)) {
      throw this.#tokens.error(`undefined variable ${quote(name)}`);
    }
    return variable;
  }

  #parenthesized(): PipeNode {
    if (this.#tokens.scope.parens >= DEEPEST_EXPRESSION) {
      throw this.#tokens.error("max expression depth exceeded");
    }
    this.#tokens.scope.parens++;
    const pipe = this.pipeline("parenthesized pipeline", ")");
    this.#tokens.scope.parens--;
    return pipe;
  }
}

/**
 * The text that a string token stands for.
 *
 * @throws {TemplateError} Where its escapes are wrong.
 */
export function unquoted(token: Token, tokens: TokenStream): ByteString {
  const text = unquote(token.text);
  if (text === undefined) throw tokens.error("invalid syntax");
  return text;
}

function variableNode(at: number, text: ByteString): VariableNode {
  return { type: "variable", at, names: text.split(".") };
}

function isConstant({ type }: Operand): boolean {
  return type === "bool" || type === "dot" || type === "nil" ||
    type === "number" || type === "string";
}
