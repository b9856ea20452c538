/** What the compiled program gives up is really gone. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { MemoryStorage, serve } from "../../src/serve/mod.ts";
import { multiPlatform, pushGraph } from "../support/images.ts";
import { run, start } from "../support/process.ts";
import { tempDir } from "../support/temp.ts";
import { tried } from "../support/tried.ts";

const DIST = new URL("../../dist/", import.meta.url).pathname;
const exists = (name: string) =>
  Deno.stat(`${DIST}${name}`).then(() => true, () => false);
const COMPILED = await exists("regkit") && await exists("probe");
if (!COMPILED) {
  console.log("skipped: dist/probe not found (deno task compile --bare)");
}

/** A test of the executable, in an empty folder. */
function programTest(
  name: string,
  fn: (folder: string) => Promise<void>,
): void {
  if (!COMPILED) return;
  Deno.test(name, async () => {
    await using dir = await tempDir();
    await fn(dir.path);
  });
}

programTest("a compiled command cannot do what it does not need", async () => {
  const words = (name: string) => [`${DIST}probe`, name];
  deepStrictEqual(await tried(words("nothing")), ["read"]);
  const reads = await tried(words("reads"));
  deepStrictEqual(reads, ["net", "read", "run", "settle"]);
});

programTest("version tells what is granted, and what it keeps", async () => {
  for (const tool of ["regctl", "regsync", "regbot"]) {
    const { stdout } = await run(`${DIST}${tool}`, ["version", "-v", "debug"]);
    match(stdout, /^Granted: +read\nGivenUp: +env ffi net run sys write\n$/m);
  }
});

programTest(
  "a script cannot do what its lists do not allow",
  async (folder) => {
    const script = `
local function try(name, f, ...)
  local ok, value = pcall(f, ...)
  print(name .. "=" .. tostring(ok and value ~= nil and value ~= false))
end
try("execute", function() return os.execute("touch ran") end)
try("popen", function() return io.popen("touch ran") end)
try("read", function() return io.open("secret") end)
try("write", function() return io.open("made", "w") end)
try("remove", function() return os.remove("secret") end)
try("layout", function() return tag.ls("ocidir://made") end)
try("getenv", function() return os.getenv("HOME") end)
`;
    const files = { secret: "x", "script.lua": script };
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await Deno.writeTextFile(
      `${folder}/bot.yml`,
      "defaults: {allow: {directories: []}}\n",
    );
    const { code, stdout, stderr } = await run(
      `${DIST}regbot`,
      ["run", "-c", "bot.yml", "script.lua"],
      { cwd: folder, clearEnv: true, env: { HOME: folder } },
    );
    strictEqual(code, 0, stderr);
    deepStrictEqual(stdout.trim().split("\n"), [
      "execute=false",
      "popen=false",
      "read=false",
      "write=false",
      "remove=false",
      "layout=false",
      "getenv=false",
    ]);
    const left = await Array.fromAsync(Deno.readDir(folder), (one) => one.name);
    deepStrictEqual(left.sort(), ["bot.yml", "script.lua", "secret"]);
  },
);

programTest(
  "a helper runs where one was configured, and never later",
  async (folder) => {
    await using registry = serve(new MemoryStorage(), { port: 0 });
    const host = registry.address;
    await pushGraph(`http://${host}`, "app", await multiPlatform(1), ["v1"]);
    const helper = `${folder}/docker-credential-test`;
    await Deno.writeTextFile(
      helper,
      `#!/bin/sh\n: > ${folder}/ran\necho '{}'\n`,
      { mode: 0o755 },
    );
    const write = (more: string, target: string) =>
      Deno.writeTextFile(
        `${folder}/sync.yml`,
        `creds: [{registry: "${host}", tls: disabled${more}}]
defaults: {interval: 1h}
sync: [{source: "${host}/app", target: "${target}", type: repository}]\n`,
      );
    const ran = () => Deno.stat(`${folder}/ran`).then(() => true, () => false);
    const listed = await run(`${DIST}regctl`, [
      "tag",
      "ls",
      "--host",
      `reg=${host},tls=disabled`,
      `${host}/app`,
    ], {
      clearEnv: true,
      env: { PATH: folder, DOCKER_AUTH_CONFIG: `{"credsStore":"test"}` },
    });
    strictEqual(listed.stdout, "v1\n", listed.stderr);
    await Deno.remove(`${folder}/ran`);
    await write("", `${host}/copy`);
    await using server = start(
      `${DIST}regsync`,
      ["server", "-c", "sync.yml", "-v", "debug"],
      { cwd: folder, clearEnv: true, env: { PATH: "/usr/bin:/bin" } },
    );
    await server.waitFor(/Image sync|Image copied|copied/i);
    await write(`, credHelper: "${helper}"`, `${host}/copy`);
    server.kill("SIGHUP");
    await server.waitFor(/keeping the old one.*Cannot run credential helpers/);
    await write("", "ocidir://made");
    server.kill("SIGHUP");
    await server.waitFor(/keeping the old one.*Cannot write files/);
    strictEqual(await ran(), false);
    server.kill("SIGTERM");
    strictEqual((await server.status).code, 0, server.output());
  },
);

programTest(
  "a login reaches Docker's store, and a logout too",
  async (folder) => {
    const helper = `${folder}/docker-credential-test`;
    await Deno.writeTextFile(
      helper,
      `#!/bin/sh\necho "$1 $(cat)" >> ${folder}/log\n[ "$1" != list ] || echo '{"x.example":"u"}'\n`,
      { mode: 0o755 },
    );
    const env = {
      HOME: folder,
      PATH: `${folder}:${Deno.env.get("PATH")}`,
      DOCKER_AUTH_CONFIG: '{"credsStore":"test"}',
    };
    const registry = (...words: readonly string[]) =>
      run(`${DIST}regctl`, ["registry", ...words, "x.example"], { env });
    const login = await registry("login", "-u=u", "-p=p", "--skip-check");
    strictEqual(login.stderr, "The login is kept by docker-credential-test\n");
    strictEqual((await registry("logout")).code, 0);
    const said = (await Deno.readTextFile(`${folder}/log`)).trim().split("\n");
    deepStrictEqual(said.filter((line) => !line.startsWith("list")), [
      'store {"ServerURL":"x.example","Username":"u","Secret":"p"}',
      "erase x.example",
    ]);
  },
);
