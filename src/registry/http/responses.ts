/**
 * What layers do to answers: naming them, binding a lease to their bodies.
 *
 * @module
 */

/** Statuses whose answers have no body by definition. */
const BODILESS = new Set([101, 204, 205, 304]);

/** The same answer with its URL, which made answers lack. */
export function withUrl(response: Response, url: string): Response {
  if (response.url !== url) {
    Object.defineProperty(response, "url", { value: url });
  }
  return response;
}

/** The same answer with another body. */
export function withBody(
  response: Response,
  body: ReadableStream<Uint8Array> | null,
): Response {
  const { status, statusText, headers } = response;
  return withUrl(
    new Response(BODILESS.has(status) ? null : body, {
      status,
      statusText,
      headers,
    }),
    response.url,
  );
}

/** Ends an answer whose body nobody reads. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {});
}

const leases = new WeakMap<Response, Disposable>();

/**
 * Binds a lease to an answer's body: it is disposed when the body ends, breaks or
 * is cancelled, at once where there is none. The body of a `raw` answer stays
 * untouched and keeps its lease until {@linkcode release}.
 */
export function bind(
  response: Response,
  lease: Disposable,
  options: { readonly raw?: boolean | undefined } = {},
): Response {
  if (response.body === null) {
    lease[Symbol.dispose]();
    return response;
  }
  if (options.raw) {
    leases.set(response, lease);
    return response;
  }
  return withBody(
    response,
    onEnd(response.body, () => lease[Symbol.dispose]()),
  );
}

/** Disposes the lease of a `raw` answer, once its body has gone. */
export function release(response: Response): void {
  leases.get(response)?.[Symbol.dispose]();
}

/** Calls back once when a stream ends, breaks or is cancelled. */
export function onEnd(
  stream: ReadableStream<Uint8Array>,
  ended: () => void,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await reader.read();
        if (done) {
          ended();
          controller.close();
        } else controller.enqueue(value);
      } catch (error) {
        ended();
        controller.error(error);
      }
    },
    async cancel(reason) {
      try {
        await reader.cancel(reason);
      } finally {
        ended();
      }
    },
  }, { highWaterMark: 0 });
}
