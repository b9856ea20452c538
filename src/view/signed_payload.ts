/**
 * What the signatures of a Docker schema 1 manifest cover.
 *
 * @module
 */

/**
 * The bytes that were signed: all up to a length that the signature names, and
 * a tail that it holds.
 *
 * See {@link https://docker-docs.uclv.cu/registry/spec/manifest-v2-1/}.
 *
 * @returns `undefined` where there is no signature that says so.
 */
export function signedPayload(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const { signatures } = JSON.parse(new TextDecoder().decode(bytes));
    const header = JSON.parse(fromBase64Url(signatures[0].protected));
    const { formatLength, formatTail } = header;
    if (!Number.isSafeInteger(formatLength) || formatLength < 0) {
      return undefined;
    }
    const tail = Uint8Array.from(
      fromBase64Url(formatTail),
      (char) => char.charCodeAt(0),
    );
    const start = bytes.subarray(0, formatLength);
    const payload = new Uint8Array(start.length + tail.length);
    payload.set(start);
    payload.set(tail, start.length);
    return payload;
  } catch {
    return undefined; // no signature, or none that can be read
  }
}

function fromBase64Url(text: string): string {
  return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
}
