/**
 * The world that the pages of the documentation speak of: registries by the
 * names that people know, with TLS, behind a proxy on the loopback; a home; a
 * folder to work in. Command lines run in it word for word.
 */
import { MemoryStorage, serve } from "../../src/serve/mod.ts";
import { type Certificates, certificates } from "./certificates.ts";
import { pushGraph } from "./images.ts";
import { startNameProxy } from "./name_proxy.ts";
import { CONTENT } from "./page_content.ts";
import { findPeer, type PeerName, PEERS } from "./peers.ts";
import {
  type Finished,
  type ProcessOptions,
  run,
  type Running,
  start,
} from "./process.ts";
import { program, programEnv } from "./program.ts";
import { startRegistry, type TestRegistry } from "./registry.ts";
import { tempDir } from "./temp.ts";

/** A world. Disposing it ends its registries and removes its folders. */
export interface PageWorld extends AsyncDisposable {
  /** The folder that commands run in. */
  readonly dir: string;
  /** The registries by name. */
  readonly registries: ReadonlyMap<string, TestRegistry>;
  /** Runs a script to its end; what a terminal would show is its stdout. */
  run(script: string, stdin?: string): Promise<Finished>;
  /** Starts a program that goes on. */
  start(script: string): Running;
  /** Makes all as it was at the beginning, but for the folder's fixed files. */
  reset(): Promise<void>;
  /** A text as the pages have it: names instead of what they stand for here. */
  told(text: string): string;
}

/** Where the pages' example registry on this machine is. */
const LOCAL = /(\blocalhost|\b127\.0\.0\.1| ):5000\b/g;

/** Names, beside a registry's own, that lead to it. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "docker.io": "registry-1.docker.io",
  "index.docker.io": "registry-1.docker.io",
};

/** What people have in their folder. */
const FILES: Readonly<Record<string, string>> = {
  "token.txt": "secret\n",
  "notes.txt": "notes\n",
};

/** What Docker Hub says of its limit with each manifest. */
const HUB_LIMIT = {
  path: /\/manifests\//,
  headers: {
    "ratelimit-limit": "100;w=21600",
    "ratelimit-remaining": "97;w=21600",
    "docker-ratelimit-source": "192.0.2.7",
  },
};

/** Starts the registry of a name, with what belongs into it. */
async function startHost(
  name: string,
  certs: Certificates,
): Promise<TestRegistry> {
  const storage = new MemoryStorage();
  {
    await using plain = serve(storage); // to fill it, without TLS
    for (const [repository, graph, tags] of CONTENT[name] ?? []) {
      await pushGraph(plain.url, repository, graph, tags);
    }
  }
  return startRegistry({
    storage,
    tls: certs.server,
    sparse: true, // as most are
    faults: name.endsWith("docker.io") ? [HUB_LIMIT] : [],
  });
}

/** Writes programs by the names of the tools, and links to peers. */
async function writePrograms(
  bin: string,
  peers: readonly PeerName[],
): Promise<void> {
  await Deno.mkdir(bin);
  for (const tool of ["regctl", "regsync", "regbot"]) {
    const words = program(tool).map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(
      `${bin}/${tool}`,
      `#!/bin/sh\nexec ${words} "$@"\n`,
      { mode: 0o755 },
    );
  }
  for (const name of peers) {
    const path = findPeer(name);
    if (path === undefined) throw new Error(`${name} not found`);
    await Deno.symlink(path, `${bin}/${PEERS[name].names[0]}`);
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

/** Options for {@linkcode pageWorld}. */
export interface PageWorldOptions {
  /** Other programs that the command lines call. */
  readonly peers?: readonly PeerName[];
}

/** Makes a world. It needs openssl: see {@linkcode peerTest}. */
export async function pageWorld(
  options: PageWorldOptions = {},
): Promise<PageWorld> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await tempDir());
  const certs = stack.use(
    await certificates(
      [...Object.keys(CONTENT), ...Object.keys(OTHER_NAMES)]
        .map((name) => `DNS:${name}`),
    ),
  );
  const registries = new Map<string, TestRegistry>();
  const proxy = stack.use(
    startNameProxy((name) =>
      registries.get(OTHER_NAMES[name] ?? name)?.address
    ),
  );
  const [bin, home, dir] = [`${path}/bin`, `${path}/home`, `${path}/work`];
  await writePrograms(bin, options.peers ?? []);
  const port = freePort();
  const env = {
    ...programEnv,
    HOME: home,
    XDG_RUNTIME_DIR: `${home}/run`, // where skopeo keeps logins
    PATH: `${bin}:/usr/bin:/bin`,
    HTTPS_PROXY: proxy.url,
    SSL_CERT_FILE: `${certs.dir}/ca.pem`,
    SOURCE_DATE_EPOCH: "1767323045",
    LC_ALL: "C.UTF-8",
    NO_COLOR: "1",
  };
  const settings: ProcessOptions = { cwd: dir, env, clearEnv: true };
  const mapped = (script: string) => script.replace(LOCAL, `$1:${port}`);
  const reset = async () => {
    for (const [name, registry] of registries) {
      const wrote = registry.requests.some(({ method }) =>
        method !== "GET" && method !== "HEAD"
      );
      if (!wrote) continue;
      registries.delete(name);
      await registry[Symbol.asyncDispose]();
    }
    for (const name of Object.keys(CONTENT)) {
      if (registries.has(name)) continue;
      registries.set(name, await startHost(name, certs));
    }
    for (const folder of [home, dir]) {
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      await Deno.mkdir(folder);
    }
    await Deno.mkdir(`${home}/run`);
    for (const [name, text] of Object.entries(FILES)) {
      await Deno.writeTextFile(`${dir}/${name}`, text);
    }
  };
  stack.defer(async () => {
    for (const one of registries.values()) await one[Symbol.asyncDispose]();
  });
  await reset();
  const kept = stack.move();
  return {
    dir,
    registries,
    reset,
    run: (script, stdin) =>
      run("timeout", [
        "180", // seconds: hanging is failing
        "bash",
        "-euo",
        "pipefail",
        "-c",
        `exec 2>&1\n${mapped(script)}`,
      ], { ...settings, ...(stdin !== undefined && { stdin }) }),
    start: (script) =>
      start("bash", ["-c", `exec ${mapped(script)}`], settings),
    told: (text) =>
      text.replaceAll(`${path}/home`, "/home/you")
        .replaceAll(`${path}/work`, "/home/you/work")
        .replaceAll(`:${port}`, ":5000")
        .replace(/\btime=\S+/g, "time=…")
        .replace(/\bbytes=\d+ duration=\S+/g, "bytes=… duration=…")
        .replace(/"time":"[^"]*"/g, '"time":"…"'),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
