import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  basicHeader,
  fetchToken,
  type TokenRequest,
} from "../../../src/registry/http/token.ts";
import { answer, answers } from "../../support/transport.ts";

const NOBODY = { user: "", pass: "", token: "" };
const ASKED: TokenRequest = {
  registry: "registry.example",
  realm: new URL("https://auth.example/token?x=1"),
  service: "reg",
  scopes: ["repository:a:pull", "repository:b:pull"],
  login: NOBODY,
  refreshToken: "",
  clientId: "me",
};
const json = (value: unknown) => answer(JSON.stringify(value));

Deno.test("fetchToken() keeps the realm's query and sorts the rest into it", async () => {
  const { next, asked } = answers(json({ token: "t" }));
  await fetchToken(ASKED, next);
  strictEqual(
    asked[0]?.path,
    "https://auth.example/token?client_id=me&scope=repository%3Aa%3Apull&scope=repository%3Ab%3Apull&service=reg&x=1",
  );
  strictEqual(asked[0]?.headers, undefined);
});

Deno.test("fetchToken() reads how long a token holds, at least a minute, five seconds less", async () => {
  const life = async (fields: object) => {
    const before = Date.now();
    const { expiresAt } = await fetchToken(
      ASKED,
      answers(json({ token: "t", ...fields })).next,
    );
    return Math.round((expiresAt - before) / 1000);
  };
  deepStrictEqual(
    [
      await life({}),
      await life({ expires_in: 300 }),
      await life({ expires_in: 5 }),
      await life({ expires_in: "300" }),
      await life({ expires_in: 300, issued_at: "2001-01-01T00:00:00Z" }),
      await life({ expires_in: 300, issued_at: "2999-01-01T00:00:00Z" }),
      await life({
        expires_in: 300,
        issued_at: new Date(Date.now() - 100_000).toISOString(),
      }),
    ],
    [55, 295, 55, 55, 295, 295, 195],
  );
});

Deno.test("fetchToken() prefers access_token", async () => {
  const { text } = await fetchToken(
    ASKED,
    answers(json({ token: "a", access_token: "b" })).next,
  );
  strictEqual(text, "b");
});

Deno.test("fetchToken() asks with GET where the refresh token is refused", async () => {
  const { next, asked } = answers(
    answer("", { status: 401 }),
    json({ token: "t" }),
  );
  await fetchToken({ ...ASKED, refreshToken: "r" }, next);
  deepStrictEqual(asked.map(({ method }) => method), ["POST", "GET"]);
});

Deno.test("fetchToken() refuses an answer that is too large", async () => {
  const { next } = answers(json({ token: "x".repeat(2_000_000) }));
  await rejects(fetchToken(ASKED, next), { code: "limit" });
});

Deno.test("basicHeader() encodes a login as UTF-8", () => {
  strictEqual(
    basicHeader({ user: "u", pass: "ü", token: "" }),
    "Basic dTrDvA==",
  );
});
