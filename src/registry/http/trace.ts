/**
 * One record for each request on the wire, without secrets, and the warnings that
 * registries send, once each.
 *
 * @module
 */
import { isAbort, messageOf } from "../../base/errors.ts";
import { LEVELS, type Log } from "../../base/log.ts";
import type { Layer } from "../core.ts";
import { quoteServerText, redactUrl, withoutLogins } from "./response_error.ts";

/** Headers whose values are never printed. */
const SECRET =
  /^(authorization|proxy-authorization|cookie|set-cookie|.*token.*|.*secret.*|.*signature.*)$/i;
/** Headers that hold an URL, whose query can be a signature or a state. */
const ADDRESS = /^(location|content-location|referer)$/i;
/** How many different warnings are remembered and printed. */
const WARNINGS = 1000;

/**
 * Adds the trace. Changes nothing about requests and answers.
 *
 * @param log Takes `reg http request` at the level `trace`.
 */
export function trace(log: Log): Layer {
  const warned = new Set<string>();
  return (next) => async (request) => {
    // Made where it is shown: most requests show nothing.
    const sent = () => ({
      "req-method": request.method,
      "req-url": redactUrl(request.path),
    });
    const started = performance.now();
    try {
      const response = await next(request);
      if (log.shows(LEVELS.trace)) {
        log.trace("reg http request", {
          ...sent(),
          "req-headers": censor(new Headers(request.headers)),
          "resp-status": response.status,
          "resp-headers": censor(response.headers),
          "elapsed-ms": Math.round(performance.now() - started),
        });
      }
      for (const text of warnings(response.headers.get("warning"))) {
        if (warned.has(text) || warned.size >= WARNINGS) continue;
        warned.add(text);
        log.warn("Registry warning message", { warning: text });
      }
      return response;
    } catch (error) {
      if (!isAbort(error) && log.shows(LEVELS.debug)) {
        log.debug("reg http request", { ...sent(), err: messageOf(error) });
      }
      throw error;
    }
  };
}

function censor(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].map(([name, value]) => [
      name,
      SECRET.test(name)
        ? "[censored]"
        : ADDRESS.test(name)
        ? redactLocation(value)
        : name.toLowerCase() === "link"
        ? value.replace(/<([^>]*)>/g, (_, url) => `<${redactLocation(url)}>`)
        : withoutLogins(value),
    ]),
  );
}

/** A location may be relative. */
function redactLocation(value: string): string {
  if (URL.canParse(value)) return redactUrl(value);
  const base = "http://relative";
  return URL.canParse(value, base)
    ? redactUrl(new URL(value, base).href).replace(base, "")
    : "[unreadable]";
}

/** The texts of a `Warning` header: `299 - "text"`, several after commas. */
export function warnings(header: string | null): string[] {
  const found = (header ?? "").matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, text = ""]) =>
    quoteServerText(text.replace(/\\(.)/g, "$1")).slice(1, -1)
  );
}
