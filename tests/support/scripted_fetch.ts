/** A `fetch` that answers from a table and says what it was not asked. */
import { deepStrictEqual } from "node:assert/strict";

/** One expected request and its answer. */
export interface Exchange {
  /** `GET https://host/path`: method and URL, whole. */
  readonly request: string;
  /** Headers that the request must have, and those it must not (`null`). */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The body that the request must have. */
  readonly body?: string;
  /** The status of the answer. @default {200} */
  readonly status?: number;
  /** Headers of the answer. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** The body of the answer, or a stream for one that breaks. */
  readonly answer?:
    | string
    | Uint8Array<ArrayBuffer>
    | (() => ReadableStream<Uint8Array>);
  /** What the request rejects with, in place of an answer. */
  readonly error?: Error;
  /** How often it may come. @default {1} */
  readonly times?: number;
  /** The state in which this row holds; any where left out. */
  readonly when?: string;
  /** The state that follows. */
  readonly then?: string;
}

/** A `fetch` from a table. */
export interface ScriptedFetch {
  /** Stands in for the global function. */
  readonly fetch: typeof globalThis.fetch;
  /** The requests that came, as `GET https://host/path`. */
  readonly log: readonly string[];
  /** Fails unless each row was used as often as it says. */
  assertDone(): void;
}

/** Makes a `fetch` that answers the rows of a table, in any order. */
export function scriptedFetch(rows: readonly Exchange[]): ScriptedFetch {
  const left = rows.map((row) => ({ row, times: row.times ?? 1 }));
  const log: string[] = [];
  let state: string | undefined;

  async function answer(request: Request): Promise<Response> {
    const asked = `${request.method} ${request.url}`;
    log.push(asked);
    const found = left.find(({ row, times }) =>
      times > 0 && row.request === asked &&
      (row.when === undefined || row.when === state)
    );
    if (found === undefined) {
      throw new Error(`Unexpected request "${asked}" in state "${state}"`);
    }
    found.times--;
    const { row } = found;
    for (const [name, value] of Object.entries(row.headers ?? {})) {
      deepStrictEqual(
        request.headers.get(name),
        value,
        `header "${name}" of "${asked}"`,
      );
    }
    const body = await request.text();
    if (row.body !== undefined) deepStrictEqual(body, row.body);
    if (row.then !== undefined) state = row.then;
    if (row.error) throw row.error;
    const content = typeof row.answer === "function"
      ? row.answer()
      : row.answer;
    const status = row.status ?? 200;
    const bodyless = request.method === "HEAD" || [204, 304].includes(status);
    return new Response(bodyless ? null : content ?? "", {
      status,
      headers: { ...row.answerHeaders },
    });
  }

  return {
    fetch: (input, init) => answer(new Request(input, init)),
    log,
    assertDone() {
      const unused = left.filter(({ times }) => times > 0)
        .map(({ row, times }) => `${row.request} (${times} left)`);
      deepStrictEqual(unused, []);
    },
  };
}
