/**
 * regbot with a registry of its own, S.
 *
 * @module
 */
import { regbot } from "../../src/cmd/regbot/mod.ts";
import { cli, type CliOptions, type CliResult } from "./cli.ts";
import { image, multiPlatform, pushGraph } from "./images.ts";
import { startRegistry, type TestRegistry } from "./registry.ts";
import { tempDir } from "./temp.ts";

/** What regbot said. */
export interface BotResult extends CliResult {
  /** The lines of the log without times, `S` for the registry. */
  readonly log: readonly string[];
  /** What is printed on the standard error beside the log. */
  readonly rest: string;
}

/** A registry, a folder, and regbot. */
export interface BotBench extends AsyncDisposable {
  /** The registry: `test/repo` has v1 (an index), v2 and v3 (one image). */
  readonly S: TestRegistry;
  /** Its name in references. */
  readonly host: string;
  /** A folder. */
  readonly dir: string;
  /** Runs a command with a file; `S/` in it stands for the registry, `$DIR` for the folder. */
  run(
    words: readonly string[],
    yaml: string,
    options?: CliOptions,
  ): Promise<BotResult>;
  /** Runs a command as it is. */
  plain(words: readonly string[], options?: CliOptions): Promise<BotResult>;
  /** A text with the registry and the folder put in. */
  fill(text: string): string;
}

/** Starts a registry with a few images. */
export async function botBench(): Promise<BotBench> {
  const S = startRegistry();
  const dir = await tempDir();
  const host = new URL(S.url).host;
  const small = { layerSize: 256 };
  const index = await multiPlatform(2, { ...small, labels: { version: "1" } });
  await pushGraph(S.url, "test/repo", index, ["v1"]);
  const single = await image({ ...small, seed: 7, labels: { version: "2" } });
  await pushGraph(S.url, "test/repo", single, ["v2", "v3"]);
  S.take();
  const fill = (text: string) =>
    text.replaceAll(/\bS\//g, `${host}/`).replaceAll("$DIR", dir.path);
  const plain = async (words: readonly string[], options?: CliOptions) => {
    const result = await cli(regbot, words.map(fill), options);
    return { ...result, ...split(result.stderr, host) };
  };
  return {
    S,
    host,
    dir: dir.path,
    fill,
    plain,
    async run(words, yaml, options) {
      const file = `${dir.path}/regbot.yml`;
      const creds = `creds: [{registry: "${host}", tls: disabled}]\n`;
      await Deno.writeTextFile(file, creds + fill(yaml));
      return await plain([...words, "-c", file], options);
    },
    [Symbol.asyncDispose]: async () => {
      await S.stop();
      await dir[Symbol.asyncDispose]();
    },
  };
}

function split(
  stderr: string,
  host: string,
): { readonly log: readonly string[]; readonly rest: string } {
  const lines = stderr.replaceAll(host, "S").split("\n");
  const isLog = (line: string) => line.startsWith("time=");
  return {
    log: lines.filter(isLog).map((line) => line.replace(/^time=\S+ /, "")),
    rest: lines.filter((line) => !isLog(line)).join("\n"),
  };
}
