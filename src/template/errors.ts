/**
 * The errors of templates.
 *
 * @module
 */
import { type ErrorCode, RegError } from "../base/errors.ts";
import { templateHint } from "./hint.ts";

/** What a Go function returned as its error, or panicked with. */
export class GoError extends Error {
  /** The name that stack traces print. */
  override readonly name: string = "GoError";
}

/** Where a template failed, and on what. */
export interface TemplateErrorPlace {
  /** The line, from 1. */
  readonly line: number;
  /** The column in bytes, from 0; parse errors have none. */
  readonly column?: number | undefined;
  /** The template that was being run; parse errors have none. */
  readonly template?: string | undefined;
  /** The offending part of the action; parse errors have none. */
  readonly context?: string | undefined;
  /** What went wrong, without the place. */
  readonly detail: string;
  /** The field that a struct does not have, where that went wrong. */
  readonly missing?: MissingField | undefined;
}

/** A field that was asked for and is not there. */
export interface MissingField {
  /** The Go type that has no such field. */
  readonly type: string;
  /** The field's name. */
  readonly field: string;
}

/** An error in a template's text, or one that occurred while it ran. */
export class TemplateError extends RegError {
  /** The name that stack traces print. */
  override readonly name: string = "TemplateError";
  /** Whether the text is wrong, or what it met. */
  readonly stage: "parse" | "exec";
  /** Where, and on what. */
  readonly place: TemplateErrorPlace;
  /** A line of advice, where there is one. */
  readonly hint: string | undefined;

  /**
   * Makes an error with the message that Go gives.
   *
   * @param stage Whether the text is wrong, or what it met.
   * @param place Where, and on what.
   * @param options The name of the root template, the cause, another code than
   * `usage` for the text and `script` for what it met.
   */
  constructor(
    stage: "parse" | "exec",
    place: TemplateErrorPlace,
    options: ErrorOptions & {
      readonly root: string;
      readonly code?: ErrorCode;
    },
  ) {
    const { line, column, template, context, detail } = place;
    const at = `template: ${options.root}:${line}:`;
    super(
      options.code ?? (stage === "parse" ? "usage" : "script"),
      stage === "parse"
        ? `${at} ${detail}`
        : `${at}${column}: executing "${template}" at <${context}>: ${detail}`,
      options,
    );
    this.stage = stage;
    this.place = place;
    this.hint = templateHint(place);
  }
}

/** Options for {@linkcode Fail}. */
export interface FailOptions extends ErrorOptions {
  /** The field that is not there, where that is what went wrong. */
  readonly missing?: MissingField;
}

/** Makes the error of the node at hand. */
export type Fail = (detail: string, options?: FailOptions) => TemplateError;
