/**
 * Which proxy an URL goes through, read as Go's net/http reads the environment.
 *
 * @module
 */

/** The proxies of the environment; all are URLs or `host:port`. */
export interface ProxySettings {
  /** For `http:` URLs. */
  readonly http?: string | undefined;
  /** For `https:` URLs. */
  readonly https?: string | undefined;
  /** What goes without: names, suffixes, addresses, CIDR blocks, each with a port or not, and `*`. */
  readonly no?: string | undefined;
}

/**
 * Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; the upper-case names go first.
 *
 * @param env Looks a variable up.
 */
export function proxySettings(
  env: (name: string) => string | undefined,
): ProxySettings {
  const either = (name: string) => env(name) || env(name.toLowerCase()) || "";
  return {
    http: either("HTTP_PROXY"),
    https: either("HTTPS_PROXY"),
    no: either("NO_PROXY"),
  };
}

/**
 * The variables of the environment that name proxies, as they are: for programs
 * that are started, where this process has taken its own away.
 */
export function proxyVariables(
  env: (name: string) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]
      .flatMap((name) => [name, name.toLowerCase()])
      .flatMap((name) => {
        const value = env(name);
        return value === undefined ? [] : [[name, value]];
      }),
  );
}

/**
 * The proxy for an URL, `undefined` for none. Loopback never goes through one.
 *
 * See {@link https://pkg.go.dev/golang.org/x/net/http/httpproxy}.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const settings = { https: "proxy:3128", no: ".internal,10.0.0.0/8" };
 * strictEqual(proxyFor(new URL("https://ghcr.io/"), settings), "http://proxy:3128");
 * strictEqual(proxyFor(new URL("https://r.internal/"), settings), undefined);
 * ```
 */
export function proxyFor(
  url: URL,
  settings: ProxySettings,
): string | undefined {
  const proxy = url.protocol === "https:" ? settings.https : settings.http;
  if (!proxy || !usesProxy(url, settings.no ?? "")) return undefined;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function usesProxy(url: URL, no: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const address = parseAddress(host);
  if (host === "localhost" || (address && isLoopback(address))) return false;
  return !no.split(",").some((entry) =>
    matches(entry.trim().toLowerCase(), host, port, address)
  );
}

function matches(
  entry: string,
  host: string,
  port: string,
  address: Uint8Array | undefined,
): boolean {
  if (entry === "") return false;
  if (entry === "*") return true;
  const block = parseBlock(entry);
  if (block) return address !== undefined && contains(block, address);
  const [name, wanted] = splitPort(entry);
  if (name === "" || (wanted !== "" && wanted !== port)) return false;
  const literal = parseAddress(name);
  if (literal) {
    return address !== undefined && contains([literal, 128], address);
  }
  // "*.x" and ".x" mean the names below x; "x" means x itself as well.
  const suffix = name.startsWith("*.") ? name.slice(1) : name;
  return suffix.startsWith(".")
    ? host.endsWith(suffix)
    : host === suffix || host.endsWith(`.${suffix}`);
}

function splitPort(entry: string): [name: string, port: string] {
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(entry);
  if (bracketed) return [bracketed[1] ?? "", bracketed[2] ?? ""];
  const plain = /^([^:]*):(\d+)$/.exec(entry);
  return plain ? [plain[1] ?? "", plain[2] ?? ""] : [entry, ""];
}

/** An address block: 16 bytes, and how many bits of them count. */
type Block = readonly [address: Uint8Array, bits: number];

function parseBlock(text: string): Block | undefined {
  const [, base = "", length = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseAddress(base);
  if (!address) return undefined;
  // Addresses of version 4 are kept as mapped ones: 96 bits come before them.
  const bits = Number(length) + (base.includes(":") ? 0 : 96);
  return bits <= 128 ? [address, bits] : undefined;
}

function contains([base, bits]: Block, address: Uint8Array): boolean {
  for (let bit = 0; bit < bits; bit++) {
    const mask = 0x80 >> (bit % 8);
    const at = bit >> 3;
    if (((base[at] ?? 0) & mask) !== ((address[at] ?? 0) & mask)) return false;
  }
  return true;
}

/**
 * An address as 16 bytes, one of version 4 as mapped (`::ffff:…`);
 * `undefined` for a name.
 */
export function parseAddress(text: string): Uint8Array | undefined {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (four) {
    const bytes = four.slice(1).map(Number);
    if (bytes.some((byte) => byte > 255)) return undefined;
    return new Uint8Array([...new Array(10).fill(0), 255, 255, ...bytes]);
  }
  if (!text.includes(":") || !URL.canParse(`http://[${text}]/`)) {
    return undefined;
  }
  // The platform's parser spells it with at most one "::" and no dots.
  const spelt = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = "", tail] = spelt.split("::");
  const groups = (part: string) => part === "" ? [] : part.split(":");
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const middle = new Array(8 - first.length - last.length).fill("0");
  return new Uint8Array(
    [...first, ...middle, ...last].flatMap((group) => {
      const value = parseInt(group, 16);
      return [value >> 8, value & 255];
    }),
  );
}

const MAPPED: Block = [parseAddress("0.0.0.0") ?? new Uint8Array(16), 96];
const block = (text: string): Block => parseBlock(text) ?? MAPPED;
const LOOPBACK = [block("127.0.0.0/8"), block("::1/128")];
const LOCAL = [
  ...LOOPBACK,
  block("0.0.0.0/8"),
  block("::/128"),
  block("169.254.0.0/16"),
  block("fe80::/10"),
  block("224.0.0.0/24"),
  block("ff02::/16"),
];

function isLoopback(address: Uint8Array): boolean {
  return LOOPBACK.some((entry) => contains(entry, address));
}

/**
 * Tells whether an address means this machine or its link: loopback, unspecified,
 * link-local. Private ranges are not local.
 */
export function isLocalAddress(address: Uint8Array): boolean {
  return LOCAL.some((entry) => contains(entry, address));
}
