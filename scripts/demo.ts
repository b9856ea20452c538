/**
 * The main job on this machine, with nothing installed: `deno task demo`.
 *
 * Makes a two-platform image, serves a registry on loopback, copies the image
 * there and on to a second repository, mirrors it, runs a script, copies it back
 * and compares. Each step is a command line that can be typed. Ends with 0 when
 * all of it held.
 *
 * @module
 */
import { deepStrictEqual } from "node:assert/strict";
import { MemoryStorage, serve } from "../src/serve/mod.ts";
import { multiPlatform, writeLayout } from "../tests/support/images.ts";
import { ours } from "../tests/support/program.ts";
import { folderState } from "../tests/support/snapshot.ts";
import { tempDir } from "../tests/support/temp.ts";

const started = performance.now();
await using dir = await tempDir();
await using registry = serve(new MemoryStorage(), { port: 0 });
const host = registry.address;

function say(text: string): void {
  console.log(`\n# ${text}`);
}

/** Writes a file of the demo and shows it. */
async function write(name: string, text: string): Promise<void> {
  console.log(`$ cat ${name}\n${text.trimEnd()}`);
  await Deno.writeTextFile(`${dir.path}/${name}`, text);
}

/** Runs a command line where the demo's files are, shows it, gives its stdout. */
async function type(line: string): Promise<string> {
  console.log(`$ ${line}`);
  const [tool = "", ...args] = line.split(" ");
  const { code, stdout, stderr } = await ours(tool, args, {
    cwd: dir.path,
    env: { HOME: dir.path },
  });
  await Deno.stderr.write(new TextEncoder().encode(stderr));
  await Deno.stdout.write(new TextEncoder().encode(stdout));
  if (code !== 0) throw new Error(`"${line}" ended ${code}`);
  return stdout;
}

say("A two-platform image in an OCI layout directory, with real layers");
const image = await multiPlatform(2, { layers: 3, layerSize: 256 * 1024 });
await writeLayout(`${dir.path}/image`, image, "v1");
const digest = await type("regctl image digest ocidir://image:v1");

say(`A registry of our own on ${host}: plain HTTP, so it is told to regctl`);
await type(`regctl registry set --tls disabled ${host}`);

say("Into the registry, and on to a second repository");
await type(`regctl image copy ocidir://image:v1 ${host}/team/app:v1`);
await type(`regctl image copy ${host}/team/app:v1 ${host}/mirror/app:v1`);

say("What is there");
await type(`regctl repo ls ${host}`);
await type(`regctl tag ls ${host}/mirror/app`);
await type(`regctl manifest get ${host}/mirror/app:v1`);

say("A mirror of the whole repository, by a configuration file");
await write(
  "regsync.yml",
  `version: 1
creds:
  - registry: ${host}
    tls: disabled
sync:
  - source: ${host}/team/app
    target: ${host}/synced/app
    type: repository
`,
);
await type("regsync once -c regsync.yml");
await type(`regctl tag ls ${host}/synced/app`);

say("A rule of our own, in Lua");
await write(
  "regbot.yml",
  `version: 1
creds:
  - registry: ${host}
    tls: disabled
scripts:
  - name: release
    script: |
      local app = "${host}/synced/app"
      for _, name in ipairs(tag.ls(app)) do
        local config = image.config(app .. ":" .. name)
        log(name .. " runs " .. config.config.Entrypoint[1])
        image.copy(app .. ":" .. name, app .. ":" .. name .. "-checked")
      end
`,
);
await type("regbot once -c regbot.yml");
await type(`regctl tag ls ${host}/synced/app`);

say("And back");
await type(`regctl image copy ${host}/mirror/app:v1 ocidir://back:v1`);
deepStrictEqual(await type("regctl image digest ocidir://back:v1"), digest);
const blobs = (state: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(state).filter(([path]) => path.startsWith("blobs/")),
  );
deepStrictEqual(
  blobs(await folderState(`${dir.path}/back`)),
  blobs(await folderState(`${dir.path}/image`)),
);

const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`\nEvery blob came back as it left. ${seconds} s`);
