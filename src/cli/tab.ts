/**
 * What `@bomb.sh/tab` prints, as text: it writes to the console.
 *
 * @module
 */

/**
 * Collects what synchronous work says on the console.
 *
 * @param work Must not wait: whoever ran meanwhile would be heard, too.
 */
export function spoken(work: () => void): string {
  const lines: string[] = [];
  const { console } = globalThis;
  globalThis.console = Object.assign(Object.create(console), {
    log: (...words: unknown[]) => void lines.push(`${words.join(" ")}\n`),
  });
  try {
    work();
  } finally {
    globalThis.console = console;
  }
  return lines.join("");
}
