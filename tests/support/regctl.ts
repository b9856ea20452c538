/**
 * regctl beside a registry of its own: settings and layouts in a folder that
 * goes away at the end of the scope.
 *
 * @module
 */
import { regctl } from "../../src/cmd/regctl/mod.ts";
import { cli, type CliOptions, type CliResult } from "./cli.ts";
import { type Graph, writeLayout } from "./images.ts";
import {
  startRegistry,
  type StartRegistryOptions,
  type TestRegistry,
} from "./registry.ts";
import { tempDir } from "./temp.ts";

/** A registry, a folder, and regctl. */
export interface Bench extends AsyncDisposable {
  /** The registry. */
  readonly registry: TestRegistry;
  /** Its name in references. */
  readonly host: string;
  /** A folder for layouts and files. */
  readonly dir: string;
  /** regctl's settings; the registry is in them, without TLS. */
  readonly configPath: string;
  /** Runs regctl. */
  run(argv: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** Runs regctl, which must succeed, and gives its standard output. */
  ok(argv: readonly string[], options?: CliOptions): Promise<string>;
  /** Writes a layout into the folder; gives its reference. */
  layout(graph: Graph, tag?: string): Promise<string>;
}

/** Starts a registry and makes settings for it. */
export async function bench(
  options: StartRegistryOptions = {},
): Promise<Bench> {
  const folder = await tempDir();
  const registry = startRegistry(options);
  const { host } = new URL(registry.url);
  const configPath = `${folder.path}/config.json`;
  await Deno.writeTextFile(
    configPath,
    JSON.stringify({ hosts: { [host]: { tls: "disabled" } } }),
  );
  let layouts = 0;
  const run = (argv: readonly string[], options: CliOptions = {}) =>
    cli(regctl, argv, {
      ...options,
      env: { REGCTL_CONFIG: configPath, HOME: folder.path, ...options.env },
    });
  return {
    registry,
    host,
    dir: folder.path,
    configPath,
    run,
    async ok(argv, options) {
      const { exit, stdout, stderr } = await run(argv, options);
      if (exit !== 0) throw new Error(`exit ${exit}: ${stderr}`);
      return stdout;
    },
    async layout(graph, tag = "v1") {
      const path = `${folder.path}/layout${layouts++}`;
      await writeLayout(path, graph, tag);
      return `ocidir://${path}:${tag}`;
    },
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
