/**
 * The way to where fetch does not go: hosts whose certificate it cannot accept,
 * unverified or its own issuer, and ports that it blocks.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import { connect, isIP, type Socket } from "node:net";
import { Readable } from "node:stream";
import * as tls from "node:tls";
import { Agent, type buildConnector } from "undici";
import { messageOf, RegError } from "../../base/errors.ts";
import type { HostConfig } from "./hosts.ts";
import { parseAddress } from "./no_proxy.ts";
import type { WireClient, WireRequest } from "./wire.ts";

/**
 * What a server must show: nothing in particular; one of the certificates in
 * `regcert`, byte by byte; or a certificate that leads to the system's roots or
 * to `regcert`.
 */
export type Trust = "none" | "pinned" | "roots";

/** Options for {@linkcode undiciClient}. */
export interface UndiciOptions {
  /** What a server must show. No byte of a request is sent before that. */
  readonly trust: Trust;
  /** The URL of a proxy to tunnel through. */
  readonly proxy: string | undefined;
}

/** How long a connection may take to be made, in milliseconds; Go's default. */
const CONNECT_MS = 30_000;
/** The most that a proxy may say before the tunnel stands, in bytes. */
const TUNNEL_LIMIT = 16 * 1024;

/** Makes a client for one host. */
export function undiciClient(
  host: HostConfig,
  options: UndiciOptions,
): WireClient {
  const agent = new Agent({
    connect: (target, callback) => {
      open(host, target, options).then(
        (socket) => {
          const broken = socket.errored;
          if (broken) callback(broken, null);
          else callback(null, socket);
        },
        (error: unknown) => callback(asError(error), null),
      );
    },
    headersTimeout: 0, // send.ts and resume.ts watch for silence
    bodyTimeout: 0,
    allowH2: false,
  });
  return {
    send: (request) => send(agent, request),
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

async function send(agent: Agent, request: WireRequest): Promise<Response> {
  const { url, method, headers, body, signal } = request;
  const length = body === undefined || body instanceof Uint8Array
    ? undefined
    : body.size;
  const { statusCode, headers: received, body: answer } = await agent.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: method as "GET",
    headers: {
      ...Object.fromEntries(headers),
      ...(length === undefined ? {} : { "content-length": String(length) }),
    },
    body: body === undefined || body instanceof Uint8Array
      ? body ?? null
      : Readable.from(body.stream, { objectMode: false }),
    signal,
  });
  const known = new Headers();
  for (const [name, value] of Object.entries(received)) {
    for (const one of [value ?? []].flat()) known.append(name, one);
  }
  const isBodiless = method === "HEAD" ||
    [204, 205, 304].includes(statusCode);
  if (isBodiless) await answer.dump();
  return new Response(
    isBodiless ? null : ReadableStream.from<Uint8Array<ArrayBuffer>>(answer),
    { status: statusCode, headers: known },
  );
}

async function open(
  host: HostConfig,
  target: buildConnector.Options,
  options: UndiciOptions,
): Promise<Socket | tls.TLSSocket> {
  const { hostname } = target;
  const port = Number(target.port || (target.protocol === "https:" ? 443 : 80));
  const name = hostname.replace(/^\[|\]$/g, "");
  const plain = options.proxy === undefined
    ? await dial(name, port)
    : await tunnel(new URL(options.proxy), `${hostname}:${port}`);
  if (target.protocol !== "https:") return plain;
  try {
    return await encrypt(plain, name, { host, trust: options.trust });
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

function dial(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port });
  socket.setTimeout(CONNECT_MS, () => {
    socket.destroy(new Error(`no connection to ${host}:${port} in time`));
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.setTimeout(0);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** A connection through a proxy, by CONNECT. */
async function tunnel(proxy: URL, target: string): Promise<Socket> {
  if (proxy.protocol !== "http:") {
    throw new RegError(
      "config",
      `Cannot use proxy ${
        JSON.stringify(proxy.origin)
      } for a host without verification: only http proxies can be used`,
    );
  }
  const socket = await dial(proxy.hostname, Number(proxy.port || 80));
  const { username, password } = proxy;
  const login = `${decodeURIComponent(username)}:${
    decodeURIComponent(password)
  }`;
  const lines = [
    `CONNECT ${target} HTTP/1.1`,
    `Host: ${target}`,
    ...(username === "" ? [] : [
      `Proxy-Authorization: Basic ${
        btoa(String.fromCharCode(...new TextEncoder().encode(login)))
      }`,
    ]),
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const head = await readHead(socket);
  const [, status] = /^HTTP\/1\.\d (\d{3})/.exec(head) ?? [];
  if (status === "200") return socket;
  socket.destroy();
  throw new RegError(
    "network",
    `Cannot connect through proxy ${JSON.stringify(proxy.host)}: ${
      status === undefined ? "no HTTP answer" : `status ${status}`
    }`,
  );
}

/** Reads up to the empty line; a server speaks after the client in TLS. */
function readHead(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = "";
    const stop = () => {
      socket.off("data", read);
      socket.off("error", fail);
      socket.off("close", fail);
      socket.pause();
    };
    const fail = (error?: unknown) => {
      stop();
      reject(error instanceof Error ? error : new Error("proxy closed"));
    };
    const read = (data: Uint8Array) => {
      head += String.fromCharCode(...data);
      if (head.includes("\r\n\r\n")) {
        stop();
        resolve(head);
      } else if (head.length > TUNNEL_LIMIT) fail(new Error("no HTTP answer"));
    };
    socket.on("data", read);
    socket.on("error", fail);
    socket.on("close", fail);
  });
}

function encrypt(
  socket: Socket,
  name: string,
  options: { readonly host: HostConfig; readonly trust: Trust },
): Promise<tls.TLSSocket> {
  const { host, trust } = options;
  // Between two owners an error would reach nobody, and end the program.
  socket.on("error", () => {});
  const secure = tls.connect({
    socket,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    rejectUnauthorized: trust === "roots",
    ...(trust === "roots" && host.regcert
      ? { ca: [...systemRoots(), host.regcert] }
      : {}),
    ALPNProtocols: ["http/1.1"],
    ...(host.clientCert && host.clientKey
      ? { cert: host.clientCert, key: host.clientKey }
      : {}),
  });
  secure.on("error", () => {});
  return new Promise((resolve, reject) => {
    secure.once("error", reject);
    secure.once("secureConnect", () => {
      secure.off("error", reject);
      try {
        if (trust === "pinned") mustTrust(host, secure, name);
        resolve(secure);
      } catch (error) {
        reject(error); // thrown here it would reach nobody
      }
    });
  });
}

/** What is trusted by default: a list of our own would stand in its place. */
function systemRoots(): readonly string[] {
  // Deno 2.6 has no such function; there, no port leads here.
  const { getCACertificates, rootCertificates }: Partial<typeof tls> = tls;
  return getCACertificates?.("default") ?? rootCertificates ?? [];
}

/** Refuses any certificate but the configured ones, valid now and for this name. */
function mustTrust(
  host: HostConfig,
  socket: tls.TLSSocket,
  name: string,
): void {
  const refuse = (why: string) =>
    new RegError(
      "network",
      `Cannot trust the certificate of ${JSON.stringify(name)}: ${why}`,
    );
  const { raw, subjectaltname = "" } = socket.getPeerCertificate(true);
  if (!raw) throw refuse("the server showed none");
  const shown = new X509Certificate(raw);
  const trusted = pinned(host).some(({ fingerprint256 }) =>
    fingerprint256 === shown.fingerprint256
  );
  if (!trusted) throw refuse("it is none of the configured certificates");
  const { validFrom, validTo } = shown;
  const now = Date.now();
  if (!(now >= Date.parse(validFrom) && now <= Date.parse(validTo))) {
    throw refuse(`it is valid from ${validFrom} to ${validTo}`);
  }
  const matches = isIP(name) === 0
    ? shown.checkHost(name) !== undefined
    : addressesIn(subjectaltname).includes(spell(parseAddress(name)));
  if (!matches) throw refuse(`it is for ${JSON.stringify(subjectaltname)}`);
}

/**
 * The addresses among a certificate's names. Deno 2.6 prints their bytes
 * (`7F000001`) and has no `checkIP`.
 */
function addressesIn(names: string): readonly string[] {
  return [...names.matchAll(/\bIP Address:([0-9A-Fa-f.:]+)/g)].map(
    ([, text = ""]) =>
      /^([0-9A-F]{8}|[0-9A-F]{32})$/i.test(text)
        ? text.toLowerCase().padStart(32, "00000000000000000000ffff")
        : spell(parseAddress(text)),
  );
}

function spell(address: Uint8Array | undefined): string {
  return [...address ?? []].map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function pinned(host: HostConfig): X509Certificate[] {
  const blocks = host.regcert?.match(
    /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g,
  );
  return (blocks ?? []).map((pem) => new X509Certificate(pem));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}
