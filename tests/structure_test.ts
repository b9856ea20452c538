/** The shape of the tree: layers, cycles, a test a file, names, clean text. */
import { deepStrictEqual } from "node:assert/strict";
import { tempDir } from "./support/temp.ts";
import { run } from "./support/process.ts";

const ROOT = new URL("../", import.meta.url);

/**
 * Who may import whom: a folder of src/ (or a file of it) and what it may take
 * from, beside itself. docs/architecture.md explains it.
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  main: ["cmd", "cli", "base"],
  mod: ["serve", "registry", "base"],
  cmd: [
    "cli",
    "serve",
    "lua",
    "schedule",
    "config",
    "view",
    "template",
    "registry",
    "base",
  ],
  lua: ["view", "registry", "base"],
  config: ["schedule", "template", "registry", "base"],
  view: ["template", "registry", "base"],
  serve: ["registry", "base"],
  cli: ["template", "base"],
  registry: ["base"],
  template: ["base"],
  schedule: ["base"],
  base: [],
};

/** Source files without a test of their own, and why. */
const UNTESTED: Readonly<Record<string, string>> = {
  "src/template/calling.ts": "tests/template/eval_test.ts",
  "src/template/literal_value.ts": "tests/template/eval_test.ts",
  "src/template/plain_field.ts": "tests/template/eval_test.ts",
  "src/template/go_method.ts": "tests/template/time_test.ts",
  "src/template/duration.ts": "tests/template/time_test.ts",
  "src/template/month.ts": "tests/template/time_test.ts",
  "src/template/instant.ts": "tests/template/time_test.ts",
  "src/view/manifest_host.ts": "tests/view/manifest_test.ts",
  "src/view/manifest_kinds.ts": "tests/view/manifest_test.ts",
  "src/view/manifest_content.ts": "tests/view/manifest_test.ts",
  "src/view/manifest_platforms.ts": "tests/view/manifest_test.ts",
  "src/template/token_stream.ts": "tests/template/parser_test.ts",
  "src/template/pipeline_parser.ts": "tests/template/parser_test.ts",
  "src/template/kind.ts": "tests/template/type_test.ts",
  "src/template/make_type.ts": "tests/template/type_test.ts",
  "src/template/type_rules.ts": "tests/template/type_test.ts",
  "src/config/decode_scalar.ts": "tests/config/decode_test.ts",
  "src/config/decode_parts.ts": "tests/config/decode_test.ts",
  "src/cmd/regsync/context.ts": "types, and a function of one line",
  "src/cmd/regsync/define.ts": "tables of flags",
  "src/registry/copy_options.ts": "types",
  "src/cmd/regbot/check.ts": "tests/cmd/regbot/mod_test.ts",
  "src/cmd/regbot/define.ts": "a table, read by every test of a command",
  "src/cmd/regbot/load.ts": "tests/cmd/regbot/mod_test.ts",
  "src/cmd/regbot/once.ts": "tests/cmd/regbot/mod_test.ts",
  "src/cmd/regbot/open_runner.ts": "tests/cmd/regbot/mod_test.ts",
  "src/cmd/regbot/run.ts": "tests/cmd/regbot/mod_test.ts",
  "src/cmd/regbot/script_runner.ts": "tests/cmd/regbot/mod_test.ts",
  "src/cmd/regbot/start_pool.ts": "tests/cmd/regbot/mod_test.ts",
  "src/cmd/regbot/types.ts": "tests/cmd/regbot/mod_test.ts",
  "src/cmd/regbot/version.ts": "one line; the text is version_view's",
  "src/cmd/config_text.ts": "tests/cmd/regbot/mod_test.ts",
  "src/cmd/regbot/schema.ts": "tests/cmd/regbot/mod_test.ts",
  "src/lua/api/archive.ts": "tests/cmd/regbot/mod_test.ts",
  "src/lua/api/reference.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/lists.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/manifest.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/config.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/image.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/blob.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/log.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/data.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/gate.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/session.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/objects.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/call.ts": "tests/lua/api/mod_test.ts",
  "src/lua/api/modules.ts": "tests/lua/api/files_test.ts",
  "src/lua/api/definition.ts": "types, and a function of one line",
  "src/lua/api/directories.ts": "tests/lua/api/files_test.ts",
  "src/lua/api/shape.ts": "tables",
  "src/lua/engine/context.ts": "types, and what every library test runs",
  "src/lua/engine/exports.ts": "types and constants",
  "src/lua/protocol.ts": "types and constants",
  "src/lua/worker.ts": "runs in a Worker: tests/lua/pool_test.ts",
  "src/lua/worker_thread.ts": "runs a Worker: tests/lua/pool_test.ts",
  "src/lua/worker_url.ts": "one line",
  "src/lua/wasm_file.ts": "tests/lua/wasm_test.ts",
  "src/cli/command.ts": "types, and a function that returns its argument",
  "src/cli/io.ts": "types, and errors without behaviour",
  "src/cli/read_line.ts": "tests/cli/system_io_test.ts",
  "src/cli/report.ts": "tests/cli/run_test.ts",
  "src/cli/shells.ts": "a list of names",
  "src/cli/usage_error.ts": "an error with a field",
  "src/cmd/regctl/define.ts": "a table, read by every test of a command",
  "src/cmd/regctl/flags.ts": "a table, read by every test of a command",
  "src/cmd/regctl/serve_flags.ts": "a table, read by the test of the command",
  "src/cmd/regctl/serve_run.ts": "tests/cmd/regctl/serve_test.ts",
  "src/cmd/regctl/image/mod_flags.ts": "a table, read by the test of the steps",
  "src/cmd/shared.ts": "a table, read by every test of a command",
  "src/registry/core.ts": "contracts: types, and functions of one line",
  "src/registry/http/wire.ts": "types",
  "src/registry/store/registry_context.ts":
    "types, and a call that every test of the store makes",
  "src/serve/context.ts": "types",
  "src/serve/spool.ts": "types",
  "src/serve/storage.ts": "types",
};

interface Module {
  readonly path: string;
  readonly imports: readonly {
    readonly path: string;
    readonly lazy: boolean;
  }[];
}

interface DenoInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

const files = (await run("git", ["ls-files"], { cwd: ROOT.pathname })).stdout
  .split("\n").filter((path) => path !== "" && exists(path));

function exists(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, ROOT)).isFile;
  } catch {
    return false;
  }
}

const sources = files.filter((path) => /^src\/.*\.tsx?$/.test(path));

async function modules(): Promise<readonly Module[]> {
  await using dir = await tempDir();
  const entry = `${dir.path}/all.ts`;
  await Deno.writeTextFile(
    entry,
    sources.map((path) => `import "${new URL(path, ROOT)}";\n`).join(""),
  );
  const { stdout } = await run(Deno.execPath(), [
    "info",
    "--json",
    "--config",
    new URL("deno.json", ROOT).pathname,
    entry,
  ]);
  const { modules }: DenoInfo = JSON.parse(stdout);
  const inside = (url: string | undefined) =>
    url?.startsWith(`${ROOT}src/`) ? url.slice(ROOT.href.length) : undefined;
  return modules.flatMap(({ specifier, dependencies = [] }) => {
    const path = inside(specifier);
    if (path === undefined) return [];
    const imports = dependencies.flatMap((dependency) => {
      const target = inside(
        dependency.code?.specifier ?? dependency.type?.specifier,
      );
      const lazy = dependency.isDynamic === true;
      return target === undefined ? [] : [{ path: target, lazy }];
    });
    return [{ path, imports }];
  });
}

const graph = await modules();

/** `src/registry/http/auth.ts` is of `registry`, `src/main.ts` of `main`. */
function layerOf(path: string): string {
  return path.split("/")[1]?.replace(/\.ts$/, "") ?? "";
}

Deno.test("every source file belongs to a layer and imports only downward", () => {
  const wrong = graph.flatMap(({ path, imports }) => {
    const allowed = LAYERS[layerOf(path)];
    if (allowed === undefined) return [`${path}: no such layer`];
    return imports
      .filter((to) => ![layerOf(path), ...allowed].includes(layerOf(to.path)))
      .map((to) => `${path} imports ${to.path}`);
  });
  deepStrictEqual(wrong, []);
});

Deno.test("a tool imports nothing of another tool", () => {
  const tool = (path: string) => /^src\/cmd\/(reg\w+)/.exec(path)?.[1];
  const wrong = graph.flatMap(({ path, imports }) =>
    imports.filter((to) =>
      tool(path) !== undefined && tool(to.path) !== undefined &&
      tool(path) !== tool(to.path)
    ).map((to) => `${path} imports ${to.path}`)
  );
  deepStrictEqual(wrong, []);
});

Deno.test("a tool is loaded only when it is called", () => {
  const wrong = graph.filter(({ path }) => path === "src/main.ts").flatMap(
    ({ imports }) =>
      imports.filter((to) => !to.lazy && /^src\/cmd\/reg/.test(to.path)),
  );
  deepStrictEqual(wrong, []);
});

Deno.test("no file imports itself, by whatever way round", () => {
  const next = new Map(graph.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      return;
    }
    if (done.has(path)) return;
    for (const to of next.get(path) ?? []) visit(to.path, [...trail, path]);
    done.add(path);
  };
  for (const { path } of graph) visit(path, []);
  deepStrictEqual(cycles, []);
});

Deno.test("every source file has a test at the same path, or a reason", () => {
  const forwardsOnly = (path: string) =>
    Deno.readTextFileSync(new URL(path, ROOT))
      .replace(/\/\*[^]*?\*\/|\/\/.*/g, "")
      .replace(/export\s+(type\s+)?(\*|\{[^}]*\})\s+from\s+"[^"]*";/g, "")
      .trim() === "";
  const testOf = (path: string) =>
    path.replace(/^src\//, "tests/").replace(/\.ts$/, "_test.ts");
  const missing = sources
    .filter((path) => !files.includes(testOf(path)) && !forwardsOnly(path))
    .filter((path) => !Object.hasOwn(UNTESTED, path));
  const stale = Object.keys(UNTESTED).filter((path) => !sources.includes(path));
  deepStrictEqual({ missing, stale }, { missing: [], stale: [] });
});

Deno.test("files are named in snake case and tests end in _test", () => {
  const wrong = files.filter((path) => /\.tsx?$/.test(path)).filter((path) =>
    !/^([a-z0-9_.]+\/)*[a-z0-9_]+(\.d)?\.tsx?$/.test(path) ||
    path.endsWith("/index.ts")
  );
  deepStrictEqual(wrong, []);
});

Deno.test("what is committed names no machine and no conflict is left in it", () => {
  // Split, so that this file does not find itself.
  const patterns = [
    new RegExp("/" + "work/"),
    new RegExp("/" + "root/(go|\\.)"),
    new RegExp("/tmp/" + "(bash|tmp\\.)"),
    new RegExp("^<{7} |^>{7} |^={7}$", "m"),
  ];
  const wrong = files.flatMap((path) => {
    const text = Deno.readTextFileSync(new URL(path, ROOT));
    return patterns.filter((pattern) => pattern.test(text))
      .map((pattern) => `${path}: ${pattern}`);
  });
  deepStrictEqual(wrong, []);
});

Deno.test("the lock file names versions and hashes, no place to fetch from", () => {
  const lock = Deno.readTextFileSync(new URL("deno.lock", ROOT));
  deepStrictEqual(lock.match(/https?:[^"]*/g) ?? [], []);
});

Deno.test("every dependency has an exact version", () => {
  const { imports }: { imports: Record<string, string> } = JSON.parse(
    Deno.readTextFileSync(new URL("deno.json", ROOT)),
  );
  const wrong = Object.values(imports).filter((specifier) =>
    !/^npm:(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+$/.test(specifier)
  );
  deepStrictEqual(wrong, []);
});
