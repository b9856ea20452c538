/**
 * Answers that are no success, as errors: bounded, quoted and without secrets.
 *
 * @module
 */
import { type ErrorCode, RegError } from "../../base/errors.ts";

/** The most that is read of an error's body, in bytes. */
const BODY_LIMIT = 64 * 1024;
/** The most that is printed of a server's own words, in characters. */
const TEXT_LIMIT = 400;

/** Query keys whose values are no secrets; all others are hidden. */
const PLAIN_KEYS = new Set([
  "account",
  "artifactType",
  "client_id",
  "digest",
  "digest-algorithm",
  "from",
  "last",
  "mount",
  "n",
  "ns",
  "scope",
  "service",
  "tag",
]);

/** One entry of the `errors` list of an error's body. */
export interface RegistryErrorEntry {
  /** Such as `MANIFEST_UNKNOWN`. */
  readonly code: string;
  /** The server's own words. */
  readonly message: string;
}

/** What an {@linkcode HttpError} is made of. */
export interface HttpErrorFields {
  /** The method of the request. */
  readonly method: string;
  /** The redacted URL. */
  readonly url: string;
  /** The status. */
  readonly status: number;
  /** The headers of the answer. */
  readonly headers: Headers;
  /** The registry's codes and messages. */
  readonly entries: readonly RegistryErrorEntry[];
  /** Words of the server that were no list of errors. */
  readonly text: string;
}

/** A registry's answer with a status from 400 on. */
export class HttpError extends RegError {
  /** The name that stack traces print. */
  override readonly name: string = "HttpError";
  /** What the answer was. */
  readonly fields: HttpErrorFields;
  // Private, so that nothing prints it: the whole URL can hold a signature.
  readonly #address: string;

  /**
   * Makes an error.
   *
   * @param fields What the answer was.
   * @param address The whole URL; never printed.
   * @param options What was being done, such as `Cannot list tags of "…"`; the
   * request itself where it is left out.
   */
  constructor(
    fields: HttpErrorFields,
    address: string,
    options: ErrorOptions & { readonly action?: string } = {},
  ) {
    const { action = `${fields.method} ${JSON.stringify(fields.url)}` } =
      options;
    super(codeOf(fields), `${action}: ${describe(fields)}`, options);
    this.fields = fields;
    this.#address = address;
  }

  /** The status of the answer. */
  get status(): number {
    return this.fields.status;
  }

  /** The headers of the answer. */
  get headers(): Headers {
    return this.fields.headers;
  }

  /** The address in the answer's `Location`, resolved; undefined for none. */
  get location(): string | undefined {
    const location = this.headers.get("location");
    return location !== null && URL.canParse(location, this.#address)
      ? new URL(location, this.#address).href
      : undefined;
  }

  /** The same error with what was being done in front. */
  during(action: string): HttpError {
    return new HttpError(this.fields, this.#address, { action, cause: this });
  }
}

/** Adds what was being done to an error of a request; other values pass as they are. */
export function during(action: string, error: unknown): unknown {
  if (error instanceof HttpError) return error.during(action);
  return error instanceof RegError &&
      (error.code === "network" || error.code === "timeout")
    ? new RegError(error.code, `${action}: ${error.message}`, { cause: error })
    : error;
}

/**
 * Reads an answer that is no success into an error; the body is consumed.
 *
 * @param method The method of the request.
 * @param response The answer.
 */
export async function readError(
  method: string,
  response: Response,
): Promise<HttpError> {
  const text = await readStart(response);
  const entries = parseEntries(text);
  return new HttpError({
    method,
    url: redactUrl(response.url),
    status: response.status,
    headers: response.headers,
    entries,
    text: entries.length > 0 || isMarkup(response, text) ? "" : text,
  }, response.url);
}

/**
 * An URL for messages and logs: without user and password, and with the values
 * of unknown query keys hidden, because upload and download URLs carry signatures.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(
 *   redactUrl("https://u:p@host/v2/?n=5&sig=abc"),
 *   "https://host/v2/?n=5&sig=REDACTED",
 * );
 * ```
 */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return "";
  const url = new URL(text);
  url.username = "";
  url.password = "";
  url.hash = "";
  for (const key of new Set(url.searchParams.keys())) {
    if (!PLAIN_KEYS.has(key)) url.searchParams.set(key, "REDACTED");
  }
  // Readable: what follows the path is no secret and needs few escapes.
  return url.href.replaceAll("%3A", ":").replaceAll("%2F", "/");
}

/**
 * A server's words as one quoted line, without logins: control characters and the escapes that
 * steer terminals are spelt out, and long text is cut.
 */
export function quoteServerText(text: string): string {
  const plain = withoutLogins(text);
  const cut = plain.length > TEXT_LIMIT
    ? `${plain.slice(0, TEXT_LIMIT)}…`
    : plain;
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A server's words, without a login or a token that it was sent and repeats. */
export function withoutLogins(text: string): string {
  // A challenge has parameters after its scheme, credentials have none.
  return text.replace(
    /\b(basic|bearer)\s+(?!\w+="?[^=\s])[\w.~+/=-]{6,}/gi,
    "$1 [censored]",
  );
}

function codeOf(fields: HttpErrorFields): ErrorCode {
  switch (fields.status) {
    case 401:
      return "unauthorized";
    case 403:
      return "denied";
    case 404:
      return "not_found";
    case 429:
      return "rate_limited";
    case 405:
    case 501:
      return "unsupported";
    default:
      return fields.entries.some((entry) => entry.code === "UNSUPPORTED")
        ? "unsupported"
        : "http";
  }
}

/** Upstream's words for a status, which people search for, then the server's. */
function describe(fields: HttpErrorFields): string {
  const { status, entries, text } = fields;
  const reason = status === 401 || status === 403
    ? "unauthorized"
    : status === 404
    ? "not found"
    : status === 429
    ? "rate limit exceeded"
    : `unexpected http status code: ${STATUS_TEXT[status] ?? "status"}`;
  const words = entries.slice(0, 5).map((entry) =>
    [
      /^[A-Z0-9_]{1,64}$/.test(entry.code)
        ? entry.code
        : quoteServerText(entry.code),
      ...(entry.message === "" ? [] : [quoteServerText(entry.message)]),
    ].join(" ")
  );
  if (text !== "") words.push(quoteServerText(text));
  return `${reason} [http ${status}]${
    words.length === 0 ? "" : `: ${words.join(", ")}`
  }`;
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: "Bad Request",
  402: "Payment Required",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  416: "Requested Range Not Satisfiable",
  418: "I'm a teapot",
  421: "Misdirected Request",
  422: "Unprocessable Entity",
  451: "Unavailable For Legal Reasons",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

async function readStart(response: Response): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    while (size < BODY_LIMIT) {
      const { value, done } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
    }
  } catch {
    // The status is what counts: a body that breaks off adds nothing to it.
  } finally {
    await reader.cancel().catch(() => {});
  }
  const text = await new Blob(parts.map((part) => part.slice())).text();
  return text.slice(0, BODY_LIMIT).trim();
}

function parseEntries(text: string): RegistryErrorEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const errors = value !== null && typeof value === "object" &&
      "errors" in value && Array.isArray(value.errors)
    ? value.errors as readonly unknown[]
    : [];
  return errors.slice(0, 20).flatMap((entry) => {
    if (entry === null || typeof entry !== "object") return [];
    const { code, message } = entry as { code?: unknown; message?: unknown };
    return [{
      code: typeof code === "string" ? code : "UNKNOWN",
      message: typeof message === "string" ? message : "",
    }];
  });
}

/** An error page of a proxy says nothing that its status does not say. */
function isMarkup(response: Response, text: string): boolean {
  return /html/i.test(response.headers.get("content-type") ?? "") ||
    /^<(!doctype|html)/i.test(text);
}
