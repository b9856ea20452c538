/**
 * The shells that there are completion scripts for.
 *
 * @module
 */

/** Their names. */
export const SHELLS = ["bash", "fish", "powershell", "zsh"] as const;

/** One of {@linkcode SHELLS}. */
export type Shell = typeof SHELLS[number];
