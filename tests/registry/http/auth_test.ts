import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Log } from "../../../src/base/log.ts";
import type { RegistryRequest, Transport } from "../../../src/registry/core.ts";
import { auth } from "../../../src/registry/http/auth.ts";
import type { HostConfig } from "../../../src/registry/http/hosts.ts";
import { urlOf } from "../../../src/registry/http/url.ts";
import { answer, hosts, request } from "../../support/transport.ts";

const BEARER = 'Bearer realm="https://auth.example/token",service="reg"';

/** A registry that wants tokens, and the server that makes them. */
function guarded(host: Partial<HostConfig> = {}, options: {
  readonly challenge?: string;
  readonly token?: (request: RegistryRequest, count: number) => Response;
  readonly accepts?: (header: string, request: RegistryRequest) => boolean;
} = {}) {
  const table = hosts({ name: "registry.example", ...host });
  const lines: string[] = [];
  const tokens: RegistryRequest[] = [];
  const headers: (string | undefined)[] = [];
  const {
    challenge = BEARER,
    token = (_r, count) =>
      Response.json({ token: `t${count}`, expires_in: 300 }),
    accepts = (header) => header.startsWith("Bearer t"),
  } = options;
  const next: Transport = (r) => {
    const url = urlOf(r, table.get(r.registry)).href;
    if (r.kind === "token") {
      tokens.push(r);
      const made = token(r, tokens.length);
      return Promise.resolve(answer(made.body, { status: made.status, url }));
    }
    const header = r.headers?.["authorization"];
    headers.push(header);
    if (header !== undefined && accepts(header, r)) {
      return Promise.resolve(answer("in", { url }));
    }
    return Promise.resolve(
      answer("", {
        status: 401,
        url,
        headers: { "www-authenticate": challenge },
      }),
    );
  };
  const log = new Log(
    -8,
    ({ message, attributes }) =>
      lines.push(`${message} ${JSON.stringify(attributes)}`),
  );
  const send = auth({ hosts: table, clientId: "me", log })(next);
  return { send, tokens, headers, lines };
}

const scopes = (r: RegistryRequest | undefined) =>
  new URL(r?.path ?? "").searchParams.getAll("scope");

Deno.test("auth() gets a token for a challenge, and sends it along from then on", async () => {
  const { send, tokens, headers } = guarded();
  strictEqual(await (await send(request())).text(), "in");
  strictEqual(
    await (await send(request({ path: "manifests/v2" }))).text(),
    "in",
  );
  deepStrictEqual(headers, [undefined, "Bearer t1", "Bearer t1"]);
  deepStrictEqual(
    tokens[0]?.path,
    "https://auth.example/token?client_id=me&scope=repository%3Aacme%2Fapp%3Apull&service=reg",
  );
});

Deno.test("auth() asks for push where it writes, for pull where it mounts from", async () => {
  const { send, tokens } = guarded({ pathPrefix: "p" });
  await send(request());
  await send(request({ method: "POST", kind: "upload", alsoPull: ["other"] }));
  await send(request({ repository: "other" }));
  deepStrictEqual(tokens.map(scopes), [
    ["repository:p/acme/app:pull"],
    ["repository:p/acme/app:pull,push", "repository:p/other:pull"],
  ]);
});

Deno.test("auth() fetches one token for requests that want it at once", async () => {
  const { send, tokens } = guarded();
  await send(request());
  const writes = Array.from(
    { length: 5 },
    () => send(request({ method: "PUT" })),
  );
  for (const response of await Promise.all(writes)) {
    strictEqual(response.status, 200);
  }
  strictEqual(tokens.length, 2);
});

Deno.test("auth() replaces a token that is refused half-way, once", async () => {
  let good = "Bearer t1";
  const { send, tokens } = guarded({}, {
    accepts: (header) => header === good,
  });
  await send(request());
  good = "Bearer t2";
  strictEqual((await send(request())).status, 200);
  good = "none";
  strictEqual((await send(request())).status, 401);
  strictEqual(
    tokens.length,
    3,
    "a token made for the request is not asked for again",
  );
});

Deno.test("auth() asks for the scope of the challenge where it wants more", async () => {
  const { send, tokens } = guarded({}, {
    challenge: `${BEARER},scope="repository:acme/app:delete registry:x:*"`,
    accepts: (header) => header === "Bearer t1",
  });
  strictEqual((await send(request({ method: "DELETE" }))).status, 200);
  deepStrictEqual(scopes(tokens[0]), [
    "repository:acme/app:pull,push,delete",
    "registry:x:*",
  ]);
});

Deno.test("auth() logs in with user and password, at the token server or at the registry", async () => {
  const login = { user: "user", pass: "päss" };
  const basic = `Basic ${
    btoa(String.fromCharCode(...new TextEncoder().encode("user:päss")))
  }`;
  const bearer = guarded(login);
  await bearer.send(request());
  strictEqual(bearer.tokens[0]?.headers?.["authorization"], basic);
  strictEqual(
    new URL(bearer.tokens[0]?.path ?? "").searchParams.get("account"),
    "user",
  );
  const plain = guarded(login, {
    challenge: 'Basic realm="x"',
    accepts: (header) => header === basic,
  });
  strictEqual((await plain.send(request())).status, 200);
  strictEqual(plain.tokens.length, 0);
});

Deno.test("auth() prefers basic, and goes on with bearer where basic is refused", async () => {
  const { send, headers } = guarded({ user: "u", pass: "p" }, {
    challenge: `Basic realm="x", ${BEARER}`,
  });
  strictEqual((await send(request())).status, 200);
  deepStrictEqual(headers.map((header) => header?.split(" ")[0]), [
    undefined,
    "Basic",
    "Bearer",
  ]);
});

Deno.test("auth() uses an identity token, then the refresh token it is given", async () => {
  const { send, tokens } = guarded({ token: "identity" }, {
    token: (_r, count) =>
      Response.json({ access_token: `t${count}`, refresh_token: "refresh" }),
  });
  await send(request());
  await send(request({ repository: "other" }));
  const forms = tokens.map(({ method, body }) => {
    const form = new URLSearchParams(
      body instanceof Uint8Array ? new TextDecoder().decode(body) : "",
    );
    return [method, form.get("refresh_token"), form.get("scope")];
  });
  deepStrictEqual(forms, [
    ["POST", "identity", "repository:acme/app:pull"],
    ["POST", "refresh", "repository:other:pull"],
  ]);
});

Deno.test("auth() passes a 401 up that it cannot answer", async () => {
  for (const challenge of ["", "Digest realm=x", 'Basic realm="x"']) {
    const { send, headers } = guarded({}, { challenge });
    strictEqual((await send(request())).status, 401, challenge);
    strictEqual(headers.length, 1);
  }
  await rejects(
    guarded({}, { challenge: "Bearer service=x" }).send(request()),
    /no realm/,
  );
  await rejects(
    guarded({}, { challenge: 'Bearer realm="' }).send(request()),
    /parsing failed/,
  );
  await rejects(
    guarded({}, { challenge: 'Bearer realm="file:///token"' }).send(request()),
    /no http address/,
  );
});

Deno.test("auth() says what the token server says, and believes no garbage of it", async () => {
  const refused = guarded({}, {
    token: () => new Response("denied", { status: 403 }),
  });
  await rejects(refused.send(request()), { code: "unauthorized" });
  const busy = guarded({}, { token: () => new Response("", { status: 503 }) });
  await rejects(busy.send(request()), { code: "http" });
  for (
    const body of ["", "[1]", '{"token":5}', '{"token":"a\\nb"}', "<html>"]
  ) {
    const { send } = guarded({}, { token: () => new Response(body) });
    await rejects(send(request()), { code: "invalid" }, body);
  }
});

Deno.test("auth() gives nothing to other hosts and logs no secret", async () => {
  const { send, headers, lines } = guarded({ user: "u", pass: "hunter2" });
  await send(request());
  await send(request({ path: "https://cdn.example/blob" }));
  strictEqual(headers.at(-1), undefined);
  strictEqual(lines.some((line) => /hunter2|t1/.test(line)), false);
});

Deno.test("auth() keeps tokens of repositories apart with repoAuth", async () => {
  const { send, tokens } = guarded({ repoAuth: true });
  await send(request({ alsoPull: ["b"] }));
  await send(request({ repository: "b" }));
  strictEqual(tokens.length, 2);
});

Deno.test("auth() asks a helper once, and goes on without a login where it fails", async () => {
  let asked = 0;
  const table = hosts({
    name: "registry.example",
    credHelper: "docker-credential-x",
    credHost: "cred.example",
  });
  const login = { user: "u", pass: "p", token: "" };
  const headers: (string | undefined)[] = [];
  const send = auth({
    hosts: table,
    clientId: "me",
    helper: (helper, server) => {
      asked++;
      deepStrictEqual([helper, server], [
        "docker-credential-x",
        "cred.example",
      ]);
      return Promise.resolve(login);
    },
  })((r) => {
    const header = r.headers?.["authorization"];
    headers.push(header);
    return Promise.resolve(answer("", {
      status: header ? 200 : 401,
      headers: { "www-authenticate": "Basic realm=x" },
    }));
  });
  await send(request());
  await send(request());
  deepStrictEqual([asked, headers.length], [1, 3]);
});
