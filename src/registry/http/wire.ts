/**
 * What the two ways onto the wire have in common.
 *
 * @module
 */

/** A body with a length, as a wire client takes it. */
export interface WireStream {
  /** The bytes. */
  readonly stream: ReadableStream<Uint8Array>;
  /** How many there are. */
  readonly size: number;
  /** Another answer's body, which fetch sends without showing it to JavaScript. */
  readonly untouched: boolean;
}

/** One request as a wire client takes it. */
export interface WireRequest {
  /** Where to. */
  readonly url: URL;
  /** The method. */
  readonly method: string;
  /** All headers. */
  readonly headers: Headers;
  /** The body; `undefined` for none. */
  readonly body: Uint8Array | WireStream | undefined;
  /** Aborts the request, and its answer as long as that is read. */
  readonly signal: AbortSignal;
}

/** Sends requests in one way. */
export interface WireClient extends AsyncDisposable {
  /** Sends one request. */
  send(request: WireRequest): Promise<Response>;
}
