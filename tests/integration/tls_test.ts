/**
 * TLS and proxies as people have them, against real servers on loopback: a
 * private CA, a certificate that is its own CA, none verified, a client's
 * certificate, the system's roots, CONNECT through a proxy.
 */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  Client,
  type ClientOptions,
  type HostConfig,
} from "../../src/registry/mod.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { onBlockedPort } from "../support/blocked_port.ts";
import { certificates, type Pair } from "../support/certificates.ts";
import { noise } from "../support/images.ts";
import { readHead } from "../support/name_proxy.ts";
import { peer, peerTest } from "../support/peers.ts";
import { run, start } from "../support/process.ts";
import { startRegistry, type TestRegistry } from "../support/registry.ts";
import { blobOf } from "../support/registry_stores.ts";

const NAMES = ["DNS:localhost", "DNS:registry.test", "IP:127.0.0.1"];

const certs = await certificates(NAMES);
addEventListener(
  "unload",
  () => Deno.removeSync(certs.dir, { recursive: true }),
);

const BLOB = blobOf(noise(500_000, 9));

/** Pushes a blob and reads it back: every kind of request and body. */
async function works(name: string, options: ClientOptions): Promise<void> {
  await using client = new Client({ retries: 0, ...options });
  const store = client.openRegistry(parseReference(`${name}/acme/app`));
  await client.ping(name);
  await store.push(BLOB.node, BLOB.body);
  const body = await store.open(BLOB.node);
  let size = 0;
  for await (const chunk of body) size += chunk.length;
  strictEqual(size, BLOB.node.size);
}

const port = (registry: TestRegistry) => registry.address.replace(/^.*:/, "");
const secure = (pair: Pair) => startRegistry({ tls: pair });
const host = (
  name: string,
  settings: Partial<HostConfig> = {},
): ClientOptions => ({
  hosts: [{ name, ...settings }],
});

peerTest(
  "a private CA is trusted for the host that names it, and for no other",
  ["openssl"],
  async () => {
    await using registry = secure(certs.server);
    for (
      const name of [
        `localhost:${port(registry)}`,
        `127.0.0.1:${port(registry)}`,
      ]
    ) {
      await works(name, host(name, { regcert: certs.ca }));
      await rejects(
        works(name, host(name)),
        (error: Error) =>
          error.message.startsWith(
            `Cannot ping "${name}": Cannot reach "https://${name}": `,
          ) &&
          /certificate/.test(error.message),
      );
      await rejects(
        works(name, host(name, { regcert: certs.otherOwn.cert })),
        /certificate/,
      );
    }
  },
);

peerTest(
  "a certificate that is its own CA is accepted as regcert, byte by byte",
  ["openssl"],
  async () => {
    await using registry = secure(certs.own);
    for (
      const name of [
        `localhost:${port(registry)}`,
        `127.0.0.1:${port(registry)}`,
      ]
    ) {
      await works(
        name,
        host(name, { regcert: `${certs.ca}\n${certs.own.cert}` }),
      );
      await rejects(
        works(name, host(name, { regcert: certs.otherOwn.cert })),
        /none of the configured certificates/,
      );
      await rejects(works(name, host(name)), /certificate/);
    }
    // Another address of loopback: the certificate does not name it.
    const other = `127.0.0.2:${port(registry)}`;
    await using forwarded = Deno.listen({ hostname: "127.0.0.2", port: 0 });
    void other;
    const renamed = `127.0.0.2:${(forwarded.addr as Deno.NetAddr).port}`;
    const serving = (async () => {
      for await (const conn of forwarded) {
        const up = await Deno.connect({
          hostname: "127.0.0.1",
          port: Number(port(registry)),
        });
        await Promise.allSettled([
          conn.readable.pipeTo(up.writable),
          up.readable.pipeTo(conn.writable),
        ]);
      }
    })();
    await rejects(
      works(renamed, host(renamed, { regcert: certs.own.cert })),
      /it is for /,
    );
    forwarded.close();
    await serving;
  },
);

peerTest(
  "insecure verifies nothing, for that host alone",
  ["openssl"],
  async () => {
    for (const pair of [certs.server, certs.own]) {
      await using registry = secure(pair);
      const name = `localhost:${port(registry)}`;
      await works(name, host(name, { tls: "insecure" }));
      await rejects(
        works(`127.0.0.1:${port(registry)}`, host(name, { tls: "insecure" })),
        /certificate/,
      );
    }
  },
);

peerTest(
  "a port that fetch blocks is reached with the same trust",
  ["openssl"],
  async () => {
    for (
      const [pair, regcert] of [
        [certs.server, certs.ca],
        [certs.own, certs.own.cert],
      ] as const
    ) {
      await using registry = onBlockedPort((port) =>
        startRegistry({ tls: pair, port })
      );
      const name = `localhost:${port(registry)}`;
      await works(name, host(name, { regcert }));
      await works(name, host(name, { tls: "insecure" }));
      await rejects(works(name, host(name)), /certificate/);
      const { cert } = certs.otherOwn;
      await rejects(works(name, host(name, { regcert: cert })), /certificate/);
    }
  },
);

peerTest(
  "a client's certificate is shown where it is asked for",
  ["openssl"],
  async () => {
    for (
      const [pair, settings] of [
        [certs.server, { regcert: certs.ca }],
        [certs.server, { tls: "insecure" }],
        [certs.own, { regcert: certs.own.cert }],
      ] as const
    ) {
      await Deno.writeTextFile(`${certs.dir}/s.pem`, pair.cert);
      await Deno.writeTextFile(`${certs.dir}/s.key`, pair.key);
      await using server = start(peer("openssl"), [
        "s_server",
        "-accept",
        "127.0.0.1:0",
        "-www",
        "-Verify",
        "1",
        "-verify_return_error",
        "-CAfile",
        `${certs.dir}/ca.pem`,
        "-cert",
        `${certs.dir}/s.pem`,
        "-key",
        `${certs.dir}/s.key`,
      ]);
      const [, address = ""] = await server.waitFor(
        /ACCEPT (127\.0\.0\.1:\d+)/,
      );
      const ping = async (extra: Partial<HostConfig>) => {
        await using client = new Client({
          retries: 0,
          ...host(address, { ...settings, ...extra }),
        });
        return await client.ping(address);
      };
      await rejects(ping({}), { code: "network" });
      const headers = await ping({
        clientCert: certs.client.cert,
        clientKey: certs.client.key,
      });
      strictEqual(headers.has("content-type"), true);
    }
  },
);

peerTest("the system's roots are trusted, and SSL_CERT_FILE stands for them", [
  "openssl",
], async () => {
  await using registry = secure(certs.server);
  await using blocked = onBlockedPort((port) =>
    startRegistry({ tls: certs.server, port })
  );
  const names = [registry, blocked].map((one) => `localhost:${port(one)}`);
  const script = `
    import { Client } from ${
    JSON.stringify(import.meta.resolve("../../src/registry/mod.ts"))
  };
    Deno.env.set("DENO_TLS_CA_STORE", "system,mozilla");
    for (const regcert of [undefined, ${JSON.stringify(certs.otherOwn.cert)}]) {
      for (const name of ${JSON.stringify(names)}) {
        const hosts = [{ name, ...(regcert ? { regcert } : {}) }];
        await using client = new Client({ retries: 0, hosts });
        await client.ping(name);
      }
    }
    console.log("in");
  `;
  const ask = (env: Record<string, string>) =>
    run(Deno.execPath(), [
      "run",
      "-A",
      "--no-check",
      "--config",
      new URL("../../deno.json", import.meta.url).pathname,
      "-",
    ], { stdin: script, env });
  const trusted = await ask({ SSL_CERT_FILE: `${certs.dir}/ca.pem` });
  deepStrictEqual(
    [trusted.stdout.trim(), trusted.code],
    ["in", 0],
    trusted.stderr,
  );
  const strange = await ask({});
  strictEqual(strange.code, 1);
  strictEqual(/certificate/.test(strange.stderr), true);
});

/** A proxy that knows registry.test, asks for a login and keeps what was asked. */
function startProxy(
  target: string,
): AsyncDisposable & { readonly url: string; readonly lines: string[] } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const lines: string[] = [];
  const open = new Set<Deno.Conn>();
  const close = () => {
    for (const conn of open) {
      try {
        conn.close();
      } catch {
        // closed by its stream
      }
    }
  };
  const serve = async (client: Deno.Conn) => {
    const head = await readHead(client);
    lines.push(head.split("\r\n")[0] ?? "");
    const answer = (text: string) =>
      client.write(new TextEncoder().encode(text));
    if (!head.includes(`Basic ${btoa("me:s3:cret")}`)) {
      await answer(
        "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
      );
      return client.close();
    }
    if (!head.startsWith("CONNECT")) {
      await answer(
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
      );
      return client.close();
    }
    const [hostname = "", port = ""] = target.split(":");
    const server = await Deno.connect({ hostname, port: Number(port) });
    open.add(server);
    await answer("HTTP/1.1 200 Connection established\r\n\r\n");
    await Promise.allSettled([
      client.readable.pipeTo(server.writable),
      server.readable.pipeTo(client.writable),
    ]);
  };
  const serving = (async () => {
    for await (const conn of listener) {
      open.add(conn);
      serve(conn).catch(() => {});
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  return {
    url: `http://me:s3%3Acret@127.0.0.1:${port}`,
    lines,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
      close();
    },
  };
}

peerTest("https goes through HTTPS_PROXY by CONNECT, whatever verifies it", [
  "openssl",
], async () => {
  for (
    const [pair, settings] of [
      [certs.server, { regcert: certs.ca }],
      [certs.server, { tls: "insecure" }],
      [certs.own, { regcert: certs.own.cert }],
    ] as const
  ) {
    await using registry = secure(pair);
    await using proxy = startProxy(registry.address);
    await works("registry.test", {
      ...host("registry.test", settings),
      proxy: { https: proxy.url },
    });
    strictEqual(proxy.lines.length > 0, true);
    strictEqual(
      proxy.lines.every((line) =>
        line.startsWith("CONNECT registry.test:443 ")
      ),
      true,
      proxy.lines.join(),
    );
    const wrong = proxy.url.replace("s3", "x");
    await rejects(
      works("registry.test", {
        ...host("registry.test", settings),
        proxy: { https: wrong },
      }),
      (error: Error) =>
        /^Cannot ping/.test(error.message) && !/cret/.test(error.message),
    );
  }
});

peerTest(
  "http goes through HTTP_PROXY, and NO_PROXY and loopback go around it",
  ["openssl"],
  async () => {
    await using proxy = startProxy("127.0.0.1:1");
    const plain = host("registry.test", { tls: "disabled" });
    {
      await using client = new Client({
        retries: 0,
        ...plain,
        proxy: { http: proxy.url },
      });
      await client.ping("registry.test");
      deepStrictEqual(proxy.lines.splice(0), [
        "GET http://registry.test/v2/ HTTP/1.1",
      ]);
    }
    {
      await using client = new Client({
        retries: 0,
        ...plain,
        proxy: { http: proxy.url, no: ".other,registry.test:80" },
      });
      await rejects(client.ping("registry.test"), { code: "network" });
    }
    await using registry = startRegistry();
    await works(registry.address, {
      ...host(registry.address, { tls: "disabled" }),
      proxy: { http: proxy.url },
    });
    deepStrictEqual(proxy.lines, []);
  },
);
