/**
 * What the registry answers when it refuses: a status and coded errors.
 *
 * @module
 */

/**
 * The codes of the specification, and those that registries add by custom.
 *
 * See {@link https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes}.
 */
const STATUS = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 400,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  PAGINATION_NUMBER_INVALID: 400,
  SIZE_INVALID: 400,
  TAG_INVALID: 400,
  TOOMANYREQUESTS: 429,
  UNAUTHORIZED: 401,
  UNKNOWN: 500,
  UNSUPPORTED: 405,
} as const;

/** An error code of the distribution API. */
export type ApiErrorCode = keyof typeof STATUS;

/** One entry of an error answer's body. */
export interface ApiErrorEntry {
  /** What went wrong, for programs. */
  readonly code: ApiErrorCode;
  /** What went wrong, for people. */
  readonly message: string;
  /** The facts, such as the digest that is unknown. */
  readonly detail?: unknown;
}

/** Options for {@linkcode ApiError}. */
export interface ApiErrorOptions extends ErrorOptions {
  /** The facts, such as the digest that is unknown. */
  readonly detail?: unknown;
  /** Another status than the code's own. */
  readonly status?: number;
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further entries of the body. */
  readonly more?: readonly ApiErrorEntry[];
}

/** A refusal, thrown by handlers and answered in one place. */
export class ApiError extends Error {
  /** The name that stack traces print. */
  override readonly name: string = "ApiError";
  /** The HTTP status. */
  readonly status: number;
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the body lists; at least one. */
  readonly entries: readonly ApiErrorEntry[];

  /**
   * Makes a refusal.
   *
   * @param code What went wrong, for programs.
   * @param message What went wrong, for people.
   */
  constructor(
    code: ApiErrorCode,
    message: string,
    options: ApiErrorOptions = {},
  ) {
    super(message, options);
    const { status = STATUS[code], headers = {}, detail, more = [] } = options;
    this.status = status;
    this.headers = headers;
    this.entries = [
      { code, message, ...(detail === undefined ? {} : { detail }) },
      ...more,
    ];
  }

  /** The answer. */
  toResponse(): Response {
    const body = JSON.stringify({ errors: this.entries });
    const bytes = new TextEncoder().encode(body);
    return new Response(bytes, {
      status: this.status,
      headers: {
        // What the access log tells; Deno drops it from what it compresses.
        "content-length": String(bytes.length),
        "cache-control": "no-cache, no-transform",
        "content-type": "application/json",
        ...this.headers,
      },
    });
  }
}
