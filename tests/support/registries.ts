/** Real registries on loopback: CNCF distribution 3 and Debian's docker-registry 2.8. */
import { peer } from "./peers.ts";
import { type Running, start } from "./process.ts";
import { tempDir } from "./temp.ts";

/** Which registry to start. */
export type RegistryKind = "distribution" | "docker-registry";

/** Options for {@linkcode startRegistry}. */
export interface RegistryOptions {
  /** The text of an htpasswd file (bcrypt): basic authentication for everything. */
  readonly htpasswd?: string;
  /** PEM files: the registry then speaks TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Sections of the configuration to add at the top level, as YAML. */
  readonly extra?: string;
}

/** A request as the registry's own access log counts it. */
export interface LoggedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  /** The status of the answer. */
  readonly status: number;
}

/** A registry that runs. Disposing it ends it and removes its storage. */
export interface RealRegistry extends AsyncDisposable {
  /** Its name in references: `127.0.0.1:40123`. */
  readonly host: string;
  /** The URL of its root, without a slash at the end. */
  readonly url: string;
  /** Where it keeps its files. */
  readonly storage: string;
  /** The process. */
  readonly process: Running;
  /** The requests so far, as its access log has them, in order. */
  requests(): Promise<readonly LoggedRequest[]>;
}

/** Starts a registry with an empty storage on a free port of loopback. */
export async function startRegistry(
  kind: RegistryKind,
  options: RegistryOptions = {},
): Promise<RealRegistry> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir());
  const storage = `${dir.path}/storage`;
  const config = `${dir.path}/config.yml`;
  await Deno.writeTextFile(config, configuration(dir.path, options));
  if (options.htpasswd !== undefined) {
    await Deno.writeTextFile(`${dir.path}/htpasswd`, options.htpasswd);
  }
  const process = stack.use(start(peer(kind), ["serve", config], {
    env: { OTEL_TRACES_EXPORTER: "none" }, // 3.x looks for a collector otherwise
  }));
  const [, host = ""] = await process.waitFor(
    /listening on (127\.0\.0\.1:\d+)/,
  );
  const url = `${options.tls === undefined ? "http" : "https"}://${host}`;
  const kept = stack.move();
  let marks = 0;
  return {
    host,
    url,
    storage,
    process,
    async requests() {
      // The log lags behind the answers: a request of our own marks its end.
      const mark = `/mark/${++marks}`;
      await (await fetch(`${url}${mark}`)).body?.cancel();
      await process.waitFor(new RegExp(`"GET ${mark} HTTP`));
      return parseAccessLog(process.output())
        .filter(({ path }) => !path.startsWith("/mark/"));
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function configuration(dir: string, options: RegistryOptions): string {
  const { htpasswd, tls, extra = "" } = options;
  const lines = [
    "version: 0.1",
    "log: { level: info, formatter: text }",
    "storage:",
    `  filesystem: { rootdirectory: ${dir}/storage }`,
    "  delete: { enabled: true }",
    "  maintenance: { uploadpurging: { enabled: false } }",
    "http:",
    "  addr: 127.0.0.1:0",
    "  secret: of-a-test",
  ];
  if (tls !== undefined) {
    lines.push(`  tls: { certificate: ${tls.certificate}, key: ${tls.key} }`);
  }
  if (htpasswd !== undefined) {
    lines.push(`auth: { htpasswd: { realm: test, path: ${dir}/htpasswd } }`);
  }
  return `${lines.join("\n")}\n${extra}\n`;
}

/** Reads the lines of the combined log format among others. */
export function parseAccessLog(text: string): LoggedRequest[] {
  return [...text.matchAll(/"([A-Z]+) (\/\S*) HTTP\/[\d.]+" (\d{3}) /g)].map(
    ([, method = "", path = "", status = ""]) => ({
      method,
      path,
      status: Number(status),
    }),
  );
}
