/**
 * Bundles the sources with esbuild: `dist/bundle/` holds small chunks, one set
 * a tool, loaded as they are called; `dist/regkit.js` is the same in one file.
 *
 * @module
 */
import { build, type BuildOptions, type Plugin, stop } from "esbuild";

/** The folder for what the build makes. */
export const DIST = new URL("../dist/", import.meta.url).pathname;
const ROOT = new URL("../", import.meta.url).pathname;
const WORK = `${DIST}.build/`;

/** Options for {@linkcode bundle}. */
export interface BundleOptions {
  /** Writes one file instead of chunks. @default {false} */
  readonly single?: boolean;
  /** Bundles a program of the tests in one file instead. */
  readonly probe?: string;
}

/**
 * Bundles `src/main.ts`.
 *
 * @returns The path of the entry.
 */
export async function bundle(options: BundleOptions = {}): Promise<string> {
  const { probe, single = probe !== undefined } = options;
  await installPackages();
  const common: BuildOptions = {
    absWorkingDir: ROOT,
    alias: {
      // Half a megabyte less: fetch, caches, web sockets and proxies of its own.
      undici: `${WORK}undici.js`,
      // The build for node reads the environment while it parses.
      yaml: `${WORK}node_modules/yaml/browser/index.js`,
    },
    bundle: true,
    charset: "ascii", // which is loaded faster
    define: {
      REGKIT_BUILD: JSON.stringify(await buildFacts()),
      // CommonJS packages ask where they are; no answer is of use in a bundle.
      __filename: '"/regkit.js"',
      __dirname: '"/"',
    },
    entryPoints: { regkit: probe ?? "src/main.ts" },
    external: ["node:*"],
    format: "esm",
    legalComments: "none",
    loader: { ".wasm": "binary" },
    logLevel: "warning",
    mainFields: ["module", "main"],
    minify: true,
    nodePaths: [`${WORK}node_modules`],
    platform: "neutral",
    conditions: ["import", "module", "node"],
    plugins: [builtins, lua, timers],
    target: "esnext",
  };
  if (single) {
    const outfile = probe ? `${WORK}probe.js` : `${DIST}regkit.js`;
    await build({ ...common, outfile });
    return outfile;
  }
  const outdir = `${DIST}bundle`;
  await Deno.remove(outdir, { recursive: true }).catch(() => {});
  await build({
    ...common,
    outdir,
    splitting: true,
    chunkNames: "[name]-[hash]",
  });
  return `${outdir}/regkit.js`;
}

const BUILTINS = new Set([
  "assert",
  "async_hooks",
  "buffer",
  "child_process",
  "console",
  "crypto",
  "diagnostics_channel",
  "dns",
  "events",
  "fs",
  "fs/promises",
  "http",
  "http2",
  "https",
  "module",
  "net",
  "os",
  "path",
  "perf_hooks",
  "process",
  "querystring",
  "sqlite",
  "stream",
  "stream/web",
  "string_decoder",
  "timers",
  "timers/promises",
  "tls",
  "tty",
  "url",
  "util",
  "util/types",
  "vm",
  "worker_threads",
  "zlib",
]);

/**
 * Turns `require("fs")` of CommonJS packages into a look-up of `node:fs`: a
 * program from a URL has no `require`.
 */
const builtins: Plugin = {
  name: "builtins",
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_0-9/]+$/ }, (args) => {
      const name = args.path.replace(/^node:/, "");
      if (!BUILTINS.has(name)) return undefined;
      return args.kind === "require-call"
        ? { path: name, namespace: "required" }
        : { path: `node:${name}`, external: true };
    });
    // CommonJS as well: an import would arrive as a namespace around the module.
    build.onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => ({
      contents:
        `module.exports = globalThis.process.getBuiltinModule("node:${path}");`,
      loader: "js",
    }));
  },
};

/**
 * Puts the code of the Worker that runs Lua and the interpreter's binary into
 * the bundle: as a text that becomes a `data:` URL, and as bytes.
 */
const lua: Plugin = {
  name: "lua",
  setup(plugin) {
    plugin.onLoad({ filter: /[/]src[/]lua[/]worker_url[.]ts$/ }, async () => {
      const { outputFiles } = await build({
        absWorkingDir: ROOT,
        bundle: true,
        entryPoints: ["src/lua/worker.ts"],
        format: "esm",
        legalComments: "none",
        minify: true,
        target: "esnext",
        write: false,
      });
      const code = outputFiles[0]?.text ?? "";
      return {
        loader: "ts",
        // A compiled program does not find blob: URLs; it is compiled with the
        // flag that isolation needs, and the command line of a URL is not ours.
        contents: `const code = ${JSON.stringify(code)};
export const workerUrl = () =>
  "data:text/javascript;charset=utf-8," + encodeURIComponent(code);
export const CAN_ISOLATE = Deno.build.standalone;`,
      };
    });
    plugin.onLoad({ filter: /[/]src[/]lua[/]wasm_file[.]ts$/ }, () => ({
      loader: "ts",
      resolveDir: `${ROOT}src/lua`,
      contents: `import bytes from "wasmoon-lua5.1/dist/liblua5.1.wasm";
export const readWasm = () => Promise.resolve(bytes);`,
    }));
  },
};

/**
 * Gives undici the timers of Node, as it has them outside a bundle: those of
 * Deno are numbers, which have no `unref`.
 */
const timers: Plugin = {
  name: "timers",
  setup(build) {
    build.onLoad(
      {
        filter:
          /[/]undici[/]lib[/](dispatcher[/]client-h1|util[/]timers)[.]js$/,
      },
      async ({ path }) => ({
        contents:
          `const { setTimeout, clearTimeout, setImmediate } = require("timers");\n${await Deno
            .readTextFile(path)}`,
        loader: "js",
      }),
    );
  },
};

/** What we use of undici: its own index loads all that there is. */
const UNDICI =
  `import Agent from "./node_modules/undici/lib/dispatcher/agent.js";
import Dispatcher from "./node_modules/undici/lib/dispatcher/dispatcher.js";
import request from "./node_modules/undici/lib/api/api-request.js";
Dispatcher.prototype.request = request;
export { Agent };
`;

/** Gives esbuild a `node_modules` of its own, outside the sources. */
async function installPackages(): Promise<void> {
  const { imports } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const config = JSON.stringify({ nodeModulesDir: "auto", imports });
  const path = `${WORK}deno.json`;
  await Deno.mkdir(WORK, { recursive: true });
  await Deno.writeTextFile(`${WORK}undici.js`, UNDICI);
  if (await Deno.readTextFile(path).catch(() => "") === config) return;
  await Deno.copyFile(`${ROOT}deno.lock`, `${WORK}deno.lock`);
  await Deno.writeTextFile(path, config);
  await output(Deno.execPath(), ["install", "--quiet"], WORK);
}

async function buildFacts(): Promise<Record<string, string>> {
  try {
    const [commit, date, changes] = await Promise.all([
      output("git", ["rev-parse", "HEAD"], ROOT),
      output("git", ["log", "-1", "--format=%cI"], ROOT),
      output("git", ["status", "--porcelain", "-uno"], ROOT),
    ]);
    return { commit, date, state: changes === "" ? "clean" : "dirty" };
  } catch {
    return { commit: "", date: "", state: "" }; // no repository: a tarball
  }
}

/** Runs a program and gives its standard output, trimmed. */
export async function output(
  program: string,
  args: readonly string[],
  cwd: string = ROOT,
): Promise<string> {
  const { success, stdout } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout).trim();
}

if (import.meta.main) {
  console.log(await bundle());
  console.log(await bundle({ single: true }));
  await stop();
}
