import { strictEqual } from "node:assert/strict";
import {
  during,
  HttpError,
  quoteServerText,
  readError,
  redactUrl,
  withoutLogins,
} from "../../../src/registry/http/response_error.ts";
import { RegError } from "../../../src/base/errors.ts";
import { answer } from "../../support/transport.ts";

const read = (
  status: number,
  body: string,
  headers: Record<string, string> = {},
) =>
  readError(
    "GET",
    answer(body, { status, headers, url: "https://r.example/v2/?sig=x" }),
  );

Deno.test("readError() prints upstream's words, then the registry's, quoted", async () => {
  const body = JSON.stringify({
    errors: [
      {
        code: "MANIFEST_UNKNOWN",
        message: "not \u001b[31mhere",
        detail: { a: 1 },
      },
      { code: "odd code" },
    ],
  });
  strictEqual(
    (await read(404, body)).message,
    'GET "https://r.example/v2/?sig=REDACTED": not found [http 404]: ' +
      'MANIFEST_UNKNOWN "not \\u001b[31mhere", "odd code"',
  );
});

Deno.test("readError() names each status as upstream does", async () => {
  const rows = [
    [401, "unauthorized", "unauthorized [http 401]"],
    [403, "denied", "unauthorized [http 403]"],
    [404, "not_found", "not found [http 404]"],
    [
      405,
      "unsupported",
      "unexpected http status code: Method Not Allowed [http 405]",
    ],
    [429, "rate_limited", "rate limit exceeded [http 429]"],
    [502, "http", "unexpected http status code: Bad Gateway [http 502]"],
  ] as const;
  for (const [status, code, text] of rows) {
    const error = await read(status, "");
    strictEqual(error.code, code);
    strictEqual(error.message.endsWith(`: ${text}`), true, error.message);
  }
  const unsupported = await read(
    400,
    '{"errors":[{"code":"UNSUPPORTED","message":""}]}',
  );
  strictEqual(unsupported.code, "unsupported");
});

Deno.test("readError() takes text as it is, pages of proxies not at all, and cuts both", async () => {
  strictEqual(
    (await read(500, "disk full")).message.endsWith('[http 500]: "disk full"'),
    true,
  );
  strictEqual(
    (await read(502, "<html>x</html>")).message.endsWith("[http 502]"),
    true,
  );
  strictEqual(
    (await read(502, "x", { "content-type": "text/html" })).message.endsWith(
      "[http 502]",
    ),
    true,
  );
  const long = await read(500, "x".repeat(1_000_000));
  strictEqual(long.message.length < 600, true);
});

Deno.test("HttpError resolves its Location and prints no whole address", async () => {
  const error = await read(416, "", { location: "/upload?state=1" });
  strictEqual(error.location, "https://r.example/upload?state=1");
  strictEqual(
    Deno.inspect(error.during("Cannot push")).includes("sig=x"),
    false,
  );
});

Deno.test("during() says what was being done, and keeps code and data", async () => {
  const error = during("Cannot list", await read(404, ""));
  strictEqual(error instanceof HttpError && error.status, 404);
  strictEqual(
    error instanceof HttpError && error.message,
    "Cannot list: not found [http 404]",
  );
  const network = during("Cannot list", new RegError("network", "Reset"));
  strictEqual(
    network instanceof RegError && network.message,
    "Cannot list: Reset",
  );
  const other = new RegError("mismatch", "x");
  strictEqual(during("Cannot list", other), other);
});

Deno.test("redactUrl() hides logins and the values of unknown keys", () => {
  strictEqual(
    redactUrl(
      "https://u:p@r.example/a/b?n=5&last=x%2Fy&_state=abc&X-Amz-Signature=q#f",
    ),
    "https://r.example/a/b?n=5&last=x/y&_state=REDACTED&X-Amz-Signature=REDACTED",
  );
  strictEqual(redactUrl("no url"), "");
});

Deno.test("quoteServerText() spells out what steers a terminal", () => {
  strictEqual(
    quoteServerText("a\r\n\u009b\u202eb"),
    '"a\\r\\n\\u009b\\u202eb"',
  );
});

Deno.test("withoutLogins() hides what a server repeats of a login, and no challenge", () => {
  strictEqual(
    withoutLogins("got Basic dXNlcjpwYXNz and bearer eyJh.b-c_d="),
    "got Basic [censored] and bearer [censored]",
  );
  for (const challenge of ['Basic realm="x"', "Bearer realm=https://a/token"]) {
    strictEqual(withoutLogins(challenge), challenge);
  }
  strictEqual(
    quoteServerText("Basic dXNlcjpwYXNz"),
    '"Basic [censored]"',
  );
});
