import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { RegistryRequest } from "../../../src/registry/core.ts";
import { redirect } from "../../../src/registry/http/redirect.ts";
import type { HostConfig } from "../../../src/registry/http/hosts.ts";
import { answer, answers, hosts, request } from "../../support/transport.ts";

const ADDRESSES: Readonly<Record<string, string[]>> = {
  "inside.example": ["127.0.0.1"],
  "registry.example": ["192.0.2.1"],
};

function follow(
  list: readonly Response[],
  options: {
    readonly request?: Partial<RegistryRequest>;
    readonly host?: Partial<HostConfig>;
    readonly proxied?: boolean;
  } = {},
) {
  const { next, asked } = answers(...list);
  const layer = redirect({
    hosts: hosts({ name: "registry.example", ...options.host }),
    resolve: (name) => Promise.resolve(ADDRESSES[name] ?? ["192.0.2.2"]),
    isProxied: () => options.proxied ?? false,
  });
  return { response: layer(next)(request(options.request)), asked };
}

const to = (location: string, status = 307) =>
  answer("", { status, headers: { location } });

Deno.test("redirect() follows, relative addresses too, and gives whole URLs below", async () => {
  const { response, asked } = follow([
    to("/x?y"),
    to("https://cdn.example/z", 302),
    answer("end"),
  ]);
  strictEqual(await (await response).text(), "end");
  deepStrictEqual(asked.map(({ path }) => path), [
    "https://registry.example/v2/acme/app/manifests/v1",
    "https://registry.example/x?y",
    "https://cdn.example/z",
  ]);
});

Deno.test("redirect() sends Authorization to its own origin alone", async () => {
  const { response, asked } = follow(
    [to("/same"), to("https://registry.example:444/"), answer()],
    { request: { headers: { authorization: "Bearer x", accept: "y" } } },
  );
  await response;
  deepStrictEqual(asked.map(({ headers }) => headers?.["authorization"]), [
    "Bearer x",
    "Bearer x",
    undefined,
  ]);
  strictEqual(asked[2]?.headers?.["accept"], "y");
});

Deno.test("redirect() keeps method and body for 307, asks with GET for 303", async () => {
  const body = new Uint8Array([1]);
  for (
    const [status, method, kept] of [[307, "PUT", true], [308, "PUT", true], [
      303,
      "GET",
      false,
    ]] as const
  ) {
    const { response, asked } = follow([to("/there", status), answer()], {
      request: { method: "PUT", body },
    });
    await response;
    strictEqual(asked[1]?.method, method);
    strictEqual(asked[1]?.body === body, kept);
  }
});

Deno.test("redirect() refuses https to http, and from elsewhere to this machine", async () => {
  const rows = [
    ["http://cdn.example/", /non-https/],
    ["https://127.0.0.1/", /local domain/],
    ["https://[::1]:5000/", /local domain/],
    ["https://169.254.169.254/latest", /local domain/],
    ["https://localhost/", /local domain/],
    ["https://inside.example/", /local domain/],
    ["file:///etc/passwd", /not an http address/],
    ["https://[", /invalid location/],
  ] as const;
  for (const [location, why] of rows) {
    await rejects(follow([to(location), answer()]).response, why, location);
  }
});

Deno.test("redirect() refuses such an address also where it is the first", async () => {
  await rejects(
    follow([answer()], { request: { path: "https://127.0.0.1/token" } })
      .response,
    /local domain/,
  );
  await rejects(
    follow([answer()], { request: { path: "http://auth.example/token" } })
      .response,
    /non-https/,
  );
});

Deno.test("redirect() lets a local registry redirect locally, and names behind a proxy be", async () => {
  const local = { name: "localhost:5000", tls: "disabled" } as const;
  const { response } = follow([to("http://127.0.0.1:9000/blob"), answer("x")], {
    host: local,
    request: { registry: "localhost:5000" },
  });
  // The table has registry.example as its key: the local one is made up.
  strictEqual(await (await response).text(), "x");
  const proxied = follow([to("https://inside.example/"), answer("x")], {
    proxied: true,
  });
  strictEqual(await (await proxied.response).text(), "x");
});

Deno.test("redirect() never takes a refresh token to another host", async () => {
  const { response } = follow([to("https://evil.example/"), answer()], {
    request: {
      kind: "token",
      method: "POST",
      path: "https://auth.example/token",
      body: new Uint8Array(1),
    },
  });
  await rejects(response, /credentials to another host/);
});

Deno.test("redirect() stops after ten hops", async () => {
  const { response, asked } = follow([to("/again")]);
  await rejects(response, /too many redirects/);
  strictEqual(asked.length, 11);
});

Deno.test("redirect() does not print what the address carries", async () => {
  const { response } = follow([to("http://cdn.example/?sig=secret")]);
  await response.catch((error: Error) =>
    strictEqual(error.message.includes("secret"), false)
  );
});
