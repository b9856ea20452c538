/**
 * Bundles the sources with esbuild and Rollup: `dist/bundle/` holds small chunks,
 * one set a tool, loaded as they are called; `dist/regkit.js` is the same in one file.
 *
 * @module
 */
import { isBuiltin } from "node:module";
import { rollup } from "@rollup/wasm-node";
import {
  build,
  type BuildOptions,
  type OutputFile,
  type Plugin,
  stop,
} from "esbuild";

/** The folder for what the build makes. */
export const DIST = new URL("../dist/", import.meta.url).pathname;
const ROOT = new URL("../", import.meta.url).pathname;
const WORK = `${DIST}.build/`;
const WASM = `${WORK}node_modules/wasmoon-lua5.1/dist/liblua5.1.wasm`;

/** What all code is built with: the program, and what is packed into it. */
const CODE = {
  absWorkingDir: ROOT,
  bundle: true,
  format: "esm",
  legalComments: "none",
  minify: true,
  target: "esnext",
} as const satisfies BuildOptions;

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
    ...CODE,
    alias: {
      // The build for node reads the environment while it parses.
      yaml: `${WORK}node_modules/yaml/browser/index.js`,
    },
    charset: "ascii", // which is loaded faster
    define: {
      // A text: an object would become a module that all others import.
      REGKIT_BUILD: JSON.stringify(JSON.stringify(await buildFacts())),
      // CommonJS packages ask where they are; no answer is of use in a bundle.
      __filename: '"/regkit.js"',
      __dirname: '"/"',
    },
    entryPoints: { regkit: probe ?? "src/main.ts" },
    logLevel: "warning",
    mainFields: ["module", "main"],
    nodePaths: [`${WORK}node_modules`],
    platform: "neutral",
    conditions: ["import", "module", "node"],
    plugins: [builtins, lua, undici],
  };
  if (single) {
    const outfile = probe ? `${WORK}probe.js` : `${DIST}regkit.js`;
    await build({ ...common, outfile });
    return outfile;
  }
  const chunks = `${WORK}chunks`;
  await Deno.remove(chunks, { recursive: true }).catch(() => {});
  await build({
    ...common,
    outdir: chunks,
    splitting: true,
    chunkNames: "[name]-[hash]",
  });
  return await join(`${chunks}/regkit.js`, `${DIST}bundle`);
}

/**
 * Joins chunks that are never loaded without each other, which esbuild does not:
 * each takes time to load.
 *
 * @returns The path of the entry.
 */
async function join(entry: string, dir: string): Promise<string> {
  await Deno.remove(dir, { recursive: true }).catch(() => {});
  const joined = await rollup({
    input: entry,
    external: /^node:/,
    preserveEntrySignatures: false, // it is run, not imported
    treeshake: false, // esbuild has done that
    onLog(_level, { code, message }) {
      // The program would ask for it where it runs.
      if (code === "UNRESOLVED_IMPORT") throw new Error(message);
    },
  });
  await joined.write({
    dir,
    compact: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    hoistTransitiveImports: false,
    minifyInternalExports: true,
  });
  await joined.close();
  return `${dir}/regkit.js`;
}

/**
 * Turns `require("fs")` of CommonJS packages into a look-up of `node:fs`, as a
 * program from a URL has no `require`; and imports, which take up to a
 * millisecond each: they load another module around the one that is there.
 */
const builtins: Plugin = {
  name: "builtins",
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_0-9/]+$/ }, ({ kind, path }) => {
      if (!isBuiltin(path)) return undefined;
      const name = path.replace(/^node:/, "");
      return kind === "dynamic-import"
        ? { path: `node:${name}`, external: true }
        : { path: name, namespace: "builtin" };
    });
    // An import of what is large would look at all that is in it.
    build.onLoad({ filter: /^process$/, namespace: "builtin" }, () => ({
      contents: "export default globalThis.process;",
    }));
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents:
        `module.exports = globalThis.process.getBuiltinModule("node:${path}");`,
      loader: "js",
    }));
  },
};

/**
 * Puts the code of the Worker that runs Lua and the interpreter's binary into
 * the bundle: as a text that becomes a `data:` URL, and as packed bytes.
 */
const lua: Plugin = {
  name: "lua",
  setup(plugin) {
    plugin.onLoad({ filter: /[/]src[/]lua[/]worker_url[.]ts$/ }, async () => {
      const { text: code } = await built({
        entryPoints: ["src/lua/worker.ts"],
      });
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
    plugin.onLoad({ filter: /[/]src[/]lua[/]wasm_file[.]ts$/ }, async () => ({
      loader: "ts",
      contents: `${await packed(await Deno.readFile(WASM))}
export const readWasm = async () => await unpacked().bytes();`,
    }));
  },
};

/** Builds what the program will hold, in one file that is not written. */
async function built(options: BuildOptions): Promise<OutputFile> {
  const { outputFiles } = await build({ ...CODE, ...options, write: false });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild made nothing");
  return file;
}

/**
 * Declares a function that unpacks these bytes: every start reads the whole
 * program, and few need them.
 */
async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const gzip = new CompressionStream("gzip");
  const small = await new Response(
    new Blob([bytes]).stream().pipeThrough(gzip),
  ).bytes();
  return `const unpacked = () =>
  new Response(
    new Blob([Uint8Array.fromBase64("${small.toBase64()}")]).stream()
      .pipeThrough(new DecompressionStream("gzip")),
  );`;
}

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

/** What we use of undici: its own index loads fetch, caches and web sockets as well. */
const UNDICI = `import Agent from "undici/lib/dispatcher/agent.js";
import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
import request from "undici/lib/api/api-request.js";
Dispatcher.prototype.request = request;
export { Agent };
`;

/** Packs undici, which few hosts need. */
const undici: Plugin = {
  name: "undici",
  setup(plugin) {
    const namespace = "undici";
    plugin.onResolve({ filter: /^undici$/ }, ({ path }) => ({
      path,
      namespace,
    }));
    plugin.onLoad({ filter: /.*/, namespace }, async () => {
      const { contents } = await built({
        nodePaths: [`${WORK}node_modules`],
        platform: "neutral",
        plugins: [builtins, timers],
        stdin: { contents: UNDICI, resolveDir: WORK },
      });
      return {
        contents: `${await packed(new Uint8Array(contents))}
const code = encodeURIComponent(await unpacked().text());
export const { Agent } = await import("data:text/javascript," + code);`,
      };
    });
  },
};

/** Gives esbuild a `node_modules` of its own, outside the sources. */
async function installPackages(): Promise<void> {
  const { imports } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const config = JSON.stringify({ nodeModulesDir: "auto", imports });
  const path = `${WORK}deno.json`;
  await Deno.mkdir(WORK, { recursive: true });
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
