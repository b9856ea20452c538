/**
 * The tokens of a template for its parsers, and the place that errors name.
 *
 * @module
 */
import { type ByteString, toText } from "./byte_string.ts";
import { TemplateError } from "./errors.ts";
import { describeToken, Lexer, type Token, type TokenKind } from "./lexer.ts";

/** What begins anew in each template. */
export interface Scope {
  /** The variables that there are, each with its `$`. */
  variables: string[];
  /** How many ranges are open. */
  ranges: number;
  /** How many parentheses are open. */
  parens: number;
  /** The line on which the action at hand began; 0 between actions. */
  actionLine: number;
}

/** The scope that a template begins with. */
export const newScope = (): Scope => ({
  variables: ["$"],
  ranges: 0,
  parens: 0,
  actionLine: 0,
});

/** Tokens that can be put back. */
export class TokenStream {
  /** The name of the template in messages. */
  readonly root: string;
  /** The line of the token that was read last, which Go's messages name. */
  line = 1;
  /** What the template at hand has so far. */
  scope: Scope = newScope();
  readonly #lexer: Lexer;
  readonly #waiting: Token[] = []; // tokens put back, the next one last

  /** Begins at the start of a text. */
  constructor(text: ByteString, root: string) {
    this.#lexer = new Lexer(text);
    this.root = root;
  }

  /** Takes the next token. */
  next(): Token {
    const waiting = this.#waiting.pop();
    if (waiting !== undefined) return waiting;
    const token = this.#lexer.next();
    this.line = token.line;
    return token;
  }

  /** Gives a token back; it comes next. */
  putBack(token: Token): void {
    this.#waiting.push(token);
  }

  /** Looks at the next token. */
  peek(): Token {
    const token = this.next();
    this.putBack(token);
    return token;
  }

  /** Takes the next token that is no space. */
  nextNonSpace(): Token {
    let token = this.next();
    while (token.kind === "space") token = this.next();
    return token;
  }

  /** Looks at the next token that is no space; the space is gone. */
  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.putBack(token);
    return token;
  }

  /**
   * Takes a token of a kind.
   *
   * @throws {TemplateError} Where another comes.
   */
  expect(kind: TokenKind, context: string): Token {
    const token = this.nextNonSpace();
    if (token.kind !== kind) throw this.unexpected(token, context);
    return token;
  }

  /** Makes the error of the line at hand. */
  error(detail: ByteString): TemplateError {
    return new TemplateError(
      "parse",
      { line: this.line, detail: toText(detail) },
      { root: this.root },
    );
  }

  /** Makes the error of a token that cannot be here. */
  unexpected(token: Token, context: string): TemplateError {
    if (token.kind !== "error") {
      return this.error(`unexpected ${describeToken(token)} in ${context}`);
    }
    const { actionLine } = this.scope;
    if (actionLine === 0 || actionLine === token.line) {
      return this.error(token.text);
    }
    const started = `started at ${this.root}:${actionLine}`;
    return this.error(
      token.text.endsWith(" action")
        ? `${token.text} ${started}`
        : `${token.text} in action ${started}`,
    );
  }
}
