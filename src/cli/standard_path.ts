/**
 * Paths that mean the standard streams. Deno keeps programs from files below
 * `/dev` and `/proc`, so these are known by their names.
 *
 * @module
 */
const INPUT = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];
const OUTPUT = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/** Whether a path is the standard input. */
export function isStandardInput(path: string): boolean {
  return INPUT.includes(path);
}

/** Whether a path is the standard output. */
export function isStandardOutput(path: string): boolean {
  return OUTPUT.includes(path);
}
