/**
 * The flags that several tools have.
 *
 * @module
 */

/** For a command that prints a text too plain for a template. */
export const OUTPUT = {
  output: {
    kind: "text",
    value: "FORM",
    summary: "Print the value as json",
    completes: ["json"],
  },
} as const;

/** How a value is printed: by a template, or as JSON. */
export function formatFlags<const D extends string>(template: D): {
  readonly format: {
    readonly kind: "text";
    readonly value: "TEMPLATE";
    readonly default: D;
    readonly summary: "Format output with go template syntax";
  };
  readonly output: typeof OUTPUT.output;
} {
  return {
    format: {
      kind: "text",
      value: "TEMPLATE",
      default: template,
      summary: "Format output with go template syntax",
    },
    ...OUTPUT,
  };
}

/** For a command that prints something else, or nothing, by default. */
export const OPTIONAL_FORMAT = {
  format: {
    kind: "text",
    value: "TEMPLATE",
    summary: "Format output with go template syntax",
  },
  ...OUTPUT,
} as const;
