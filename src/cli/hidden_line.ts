/**
 * A line that is typed without being shown: the terminal edits no such line, so
 * that it is done here.
 *
 * @module
 */

/** What to do after a byte: wait for more, take the line, or know that none comes. */
export type LineState = "more" | "line" | "end";

/** The bytes that a terminal sends for keys. */
const KEY = {
  endOfInput: 0x04, // Ctrl-D
  backspace: 0x08,
  newline: 0x0a,
  enter: 0x0d,
  clear: 0x15, // Ctrl-U
  eraseWord: 0x17, // Ctrl-W
  erase: 0x7f,
} as const;

/** A line as it is typed. */
export class HiddenLine {
  readonly #typed: number[] = [];

  /** The line so far. */
  get text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.#typed));
  }

  /** Takes the next byte from the terminal. */
  add(byte: number): LineState {
    switch (byte) {
      case KEY.newline:
      case KEY.enter:
        return "line";
      case KEY.endOfInput:
        return this.#typed.length > 0 ? "line" : "end";
      case KEY.backspace:
      case KEY.erase:
        this.#erase();
        return "more";
      case KEY.clear:
      case KEY.eraseWord:
        this.#typed.length = 0;
        return "more";
      default:
        this.#typed.push(byte);
        return "more";
    }
  }

  /** Removes a character, which may be several bytes. */
  #erase(): void {
    let byte: number | undefined;
    do byte = this.#typed.pop(); while (
      byte !== undefined && (byte & 0xc0) === 0x80
    );
  }
}
