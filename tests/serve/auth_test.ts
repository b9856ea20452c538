import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { RegError } from "../../src/base/errors.ts";
import { authenticator, type Passwords } from "../../src/serve/mod.ts";

const passwords: Passwords = {
  check: (user, password) =>
    Promise.resolve(user === "ann" && password === "se:cret"),
};
const basic = (text: string) =>
  `Basic ${new TextEncoder().encode(text).toBase64()}`;
const ANN = basic("ann:se:cret");

async function ask(
  what: string,
  authorization?: string,
  anonymousPull: boolean = false,
  authenticate = authenticator(passwords, { anonymousPull }),
) {
  const [method = "GET", path = ""] = what.split(" ");
  const headers: Record<string, string> = authorization === undefined
    ? {}
    : { authorization };
  const request = new Request(`http://registry.test${path}`, {
    method,
    headers,
  });
  const { user, answer } = await authenticate(request);
  return {
    user,
    status: answer?.status,
    challenge: answer?.headers.get("www-authenticate") ?? null,
    answer,
  };
}

const PULLS = ["GET /v2/app/manifests/v1", "HEAD /v2/app/blobs/x"];
const OTHERS = [
  "PUT /v2/app/manifests/v1",
  "POST /v2/app/blobs/uploads/",
  "GET /v2/app/blobs/uploads/1",
  "DELETE /v2/app/blobs/x",
];

Deno.test("authenticator() lets in who has the password, and nobody else", async () => {
  for (const what of ["GET /v2/", ...PULLS, ...OTHERS]) {
    const { user, answer } = await ask(what, ANN);
    deepStrictEqual([user, answer], ["ann", undefined]);
    for (
      const other of [
        undefined,
        "",
        "Basic",
        "Basic !!!",
        basic("ann:wrong"),
        basic("ann"),
        basic(":se:cret"),
        basic("bob:se:cret"),
        "Bearer x.y",
        `Negotiate ${ANN.slice(6)}`,
      ]
    ) {
      const { status, challenge } = await ask(what, other);
      strictEqual(status, 401, `${what} ${other}`);
      strictEqual(challenge, 'Basic realm="regkit", charset="UTF-8"');
    }
  }
});

Deno.test("authenticator() lets everybody pull, where told to, and nobody push", async () => {
  for (const what of PULLS) {
    strictEqual((await ask(what, undefined, true)).status, undefined);
  }
  for (const what of ["GET /v2/", ...OTHERS]) {
    strictEqual((await ask(what, undefined, true)).status, 401, what);
  }
  const wrong = await ask(PULLS[0]!, basic("ann:wrong"), true);
  strictEqual(wrong.status, 401);
});

Deno.test("authenticator() sends people to where the tokens are", async () => {
  const ping = await ask("GET /v2/", undefined, true);
  strictEqual(
    ping.challenge,
    'Bearer realm="http://registry.test/token",service="registry.test"',
  );
  const push = await ask("PUT /v2/a/b/manifests/v1", undefined, true);
  strictEqual(
    push.challenge?.endsWith('scope="repository:a/b:pull,push"'),
    true,
  );
});

Deno.test("authenticator() gives everybody a token to pull, and people one to push", async () => {
  const authenticate = authenticator(passwords, { anonymousPull: true });
  const token = async (authorization?: string) => {
    const got = await ask("GET /token", authorization, true, authenticate);
    strictEqual(got.status, 200);
    return `Bearer ${(await got.answer?.json()).token}`;
  };
  const everybody = await token();
  const ann = await token(ANN);
  const status = async (what: string, authorization: string) =>
    (await ask(what, authorization, true, authenticate)).status;
  for (const what of ["GET /v2/", ...PULLS, ...OTHERS]) {
    strictEqual(await status(what, ann), undefined);
  }
  for (const what of PULLS) {
    strictEqual(await status(what, everybody), undefined);
  }
  for (const what of OTHERS) strictEqual(await status(what, everybody), 401);
});

Deno.test("authenticator() gives no token for a wrong password, nor where none are used", async () => {
  const wrong = await ask("GET /token", basic("ann:wrong"), true);
  strictEqual(wrong.status, 401);
  strictEqual((await ask("POST /token", ANN, true)).status, 405);
  strictEqual((await ask("GET /token")).status, 401);
});

Deno.test("authenticator() answers 429 to a crowd", async () => {
  const busy: Passwords = {
    check: () => Promise.reject(new RegError("rate_limited", "busy")),
  };
  const { status } = await ask("GET /v2/", ANN, false, authenticator(busy));
  strictEqual(status, 429);
});
