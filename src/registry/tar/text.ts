/**
 * File names as text: any bytes become a string and the same bytes again.
 *
 * @module
 */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** A byte that is no UTF-8 becomes the lone surrogate U+DC00 plus the byte. */
const ESCAPE = 0xdc00;

/** Decodes UTF-8; bytes that are none become lone surrogates. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    let text = "";
    for (let at = 0; at < bytes.length;) {
      const length = sequenceLength(bytes, at);
      text += length > 0
        ? strict.decode(bytes.subarray(at, at + length))
        : String.fromCharCode(ESCAPE + (bytes[at] ?? 0));
      at += Math.max(1, length);
    }
    return text;
  }
}

/** How many bytes the character at a place has; 0 where it is no UTF-8. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  try {
    const text = strict.decode(bytes.subarray(at, at + length));
    return text === "" ? 0 : length;
  } catch {
    return 0;
  }
}

/** Encodes a text that {@linkcode decodeText} gave into the bytes it came from. */
export function encodeText(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code > ESCAPE && code <= ESCAPE + 0xff) bytes.push(code - ESCAPE);
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}
