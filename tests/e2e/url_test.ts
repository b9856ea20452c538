/** The bundle as Deno runs it from a URL, in one file and in chunks. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { MemoryStorage, serve } from "../../src/serve/mod.ts";
import { type Graph, multiPlatform, pushGraph } from "../support/images.ts";
import { type Finished, run } from "../support/process.ts";
import { folderState } from "../support/snapshot.ts";
import { tempDir } from "../support/temp.ts";

const DIST = new URL("../../dist/", import.meta.url).pathname;
const FORMS = ["regkit.js", "bundle/regkit.js"];
const BUNDLED = (await Promise.all(
  FORMS.map((path) => Deno.stat(`${DIST}${path}`)),
).catch(() => [])).length > 0;
if (!BUNDLED) console.log("skipped: dist/regkit.js not found (compile it)");

/** What the page on installation says to grant. */
const GRANTED = ["-N", "-R", "-W", "-E"];

/** Serves the bundles as any web server would. */
function webServer(): AsyncDisposable & { readonly url: string } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (!/^\/(bundle\/)?[\w-]+\.js$/.test(pathname)) {
        return new Response(null, { status: 404 });
      }
      const file = await Deno.readFile(`${DIST}${pathname.slice(1)}`);
      return new Response(file, {
        headers: { "content-type": "text/javascript" },
      });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A user's folder, with a configuration of Deno's that would break a build. */
async function writeProject(folder: string, host: string): Promise<void> {
  const creds =
    `version: 1\ncreds:\n  - registry: ${host}\n    tls: disabled\n`;
  const files = {
    "deno.json":
      `{"imports":{"node:process":"./none.ts"},"compilerOptions":{"strict":false}}\n`,
    "sync.yml":
      `${creds}sync:\n  - source: ${host}/app\n    target: ${host}/synced\n    type: repository\n`,
    "bot.yml":
      `${creds}scripts:\n  - name: copy\n    script: image.copy("${host}/app:v1", "${host}/scripted:v1")\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

async function hasCopies(host: string, graph: Graph): Promise<void> {
  for (const repository of ["copied", "synced", "scripted"]) {
    const answer = await fetch(
      `http://${host}/v2/${repository}/manifests/v1`,
      { method: "HEAD", headers: { accept: graph.root.mediaType } },
    );
    const digest = answer.headers.get("docker-content-digest");
    strictEqual(digest, graph.root.digest, repository);
  }
}

for (const path of BUNDLED ? FORMS : []) {
  Deno.test(`${path} copies, syncs and runs scripts from a URL`, async () => {
    await using home = await tempDir();
    await using project = await tempDir();
    await using registry = serve(new MemoryStorage(), { port: 0 });
    const host = registry.address;
    const graph = await multiPlatform(2);
    await pushGraph(`http://${host}`, "app", graph, ["v1"]);
    await writeProject(project.path, host);
    const before = await folderState(project.path);
    const deno = (...args: readonly string[]): Promise<Finished> =>
      run(Deno.execPath(), args, {
        cwd: project.path,
        clearEnv: true,
        env: { HOME: home.path, DENO_DIR: `${home.path}/deno` },
      });
    let url: string;
    {
      await using server = webServer();
      url = `${server.url}/${path}`;
      const lines = [
        [
          "regctl",
          "image",
          "copy",
          "--host",
          `reg=${host},tls=disabled`,
          `${host}/app:v1`,
          `${host}/copied:v1`,
        ],
        ["regsync", "once", "-c", "sync.yml"],
        ["regbot", "once", "-c", "bot.yml"],
      ];
      for (const line of lines) {
        const { code, stderr } = await deno("run", ...GRANTED, url, ...line);
        strictEqual(code, 0, stderr);
      }
      await hasCopies(host, graph);
    }
    // What has been loaded once needs the server no more.
    const cached = await deno("run", ...GRANTED, url, "regctl", "version");
    strictEqual(cached.code, 0, cached.stderr);
    match(cached.stdout, /^VCSTag: /);
    deepStrictEqual(await folderState(project.path), before);
  });
}

if (BUNDLED) {
  Deno.test("deno install makes a command of a URL", async () => {
    await using home = await tempDir();
    await using server = webServer();
    const env = {
      HOME: home.path,
      DENO_DIR: `${home.path}/deno`,
      PATH: `${Deno.execPath().replace(/[/][^/]*$/, "")}:/usr/bin:/bin`,
    };
    const options = { cwd: home.path, clearEnv: true, env };
    const installed = await run(Deno.execPath(), [
      "install",
      "--global",
      "--root",
      home.path,
      "--name",
      "regctl",
      ...GRANTED,
      `${server.url}/regkit.js`,
      "--",
      "regctl",
    ], options);
    strictEqual(installed.code, 0, installed.stderr);
    const { code, stdout, stderr } = await run(
      `${home.path}/bin/regctl`,
      ["version"],
      options,
    );
    strictEqual(code, 0, stderr);
    match(stdout, /^VCSTag: /);
  });
}
