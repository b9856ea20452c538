/** The compiled program, with nothing but itself. */
import { match, ok, strictEqual } from "node:assert/strict";
import { MemoryStorage, serve } from "../../src/serve/mod.ts";
import { certificates } from "../support/certificates.ts";
import { multiPlatform, pushGraph, writeLayout } from "../support/images.ts";
import { type PeerName, peerTest } from "../support/peers.ts";
import { type Finished, run, start } from "../support/process.ts";
import { startRegistry } from "../support/registries.ts";
import { tcpProxy } from "../support/tcp_proxy.ts";
import { tempDir } from "../support/temp.ts";

const DIST = new URL("../../dist/", import.meta.url).pathname;
const COMPILED = await Deno.stat(`${DIST}regkit`).then(() => true, () => false);
if (!COMPILED) {
  console.log("skipped: dist/regkit not found (deno task compile)");
}

/** A test of the executable, in an empty folder. */
function programTest(
  name: string,
  needs: readonly PeerName[],
  fn: (folder: string) => Promise<void>,
): void {
  if (!COMPILED) return;
  peerTest(name, needs, async () => {
    await using dir = await tempDir();
    await fn(dir.path);
  });
}

/** Runs a tool in a folder with an empty environment. */
function tool(
  folder: string,
  name: string,
  ...args: readonly string[]
): Promise<Finished> {
  return run(`${DIST}${name}`, args, { cwd: folder, clearEnv: true });
}

programTest("each name runs its tool", [], async (folder) => {
  const { stdout } = await tool(folder, "regkit", "--help");
  const names = [...stdout.matchAll(/^ {2}(reg(?:ctl|sync|bot)) /gm)].map((
    [, name],
  ) => name);
  ok(names.includes("regctl"), stdout);
  for (const name of names) {
    const { code, stdout } = await tool(folder, `${name}`, "version");
    strictEqual(code, 0);
    match(stdout, /^VCSTag: /);
    const long = await tool(folder, "regkit", `${name}`, "version");
    strictEqual(long.stdout, stdout);
  }
});

programTest(
  "a tool that there is none of is said on stderr",
  [],
  async (folder) => {
    const { code, stdout, stderr } = await tool(folder, "regkit", "regtcl");
    strictEqual(code, 2);
    strictEqual(stdout, "");
    match(stderr, /^error: .*regtcl/);
  },
);

programTest("copies between registries and to a layout, with no environment", [
  "distribution",
  "docker-registry",
], async (folder) => {
  await using source = await startRegistry("distribution");
  await using target = await startRegistry("docker-registry");
  const graph = await multiPlatform(2);
  await pushGraph(source.url, "app", graph, ["v1"]);
  const hosts = [source, target].flatMap(({ host }) => [
    "--host",
    `reg=${host},tls=disabled`,
  ]);
  const regctl = async (...args: string[]) => {
    const { code, stdout, stderr } = await tool(
      folder,
      "regctl",
      ...args,
      ...hosts,
    );
    strictEqual(code, 0, stderr);
    return stdout;
  };
  await regctl(
    "image",
    "copy",
    `${source.host}/app:v1`,
    `${target.host}/app:v1`,
  );
  await regctl("image", "copy", `${target.host}/app:v1`, "ocidir://back:v1");
  strictEqual(
    await regctl("image", "digest", "ocidir://back:v1"),
    `${graph.root.digest}\n`,
  );
});

programTest("syncs once and runs a script, with no environment", [
  "distribution",
], async (folder) => {
  await using registry = await startRegistry("distribution");
  const { host, url } = registry;
  const graph = await multiPlatform(2);
  await pushGraph(url, "app", graph, ["v1"]);
  const creds =
    `version: 1\ncreds:\n  - registry: ${host}\n    tls: disabled\n`;
  await Deno.writeTextFile(
    `${folder}/sync.yml`,
    `${creds}sync:\n  - source: ${host}/app\n    target: ${host}/synced\n    type: repository\n`,
  );
  await Deno.writeTextFile(
    `${folder}/bot.yml`,
    `${creds}scripts:\n  - name: copy\n    script: |\n      image.copy("${host}/synced:v1", "${host}/scripted:v1")\n`,
  );
  for (const [name, file] of [["regsync", "sync.yml"], ["regbot", "bot.yml"]]) {
    const { code, stderr } = await tool(
      folder,
      `${name}`,
      "once",
      "-c",
      `${file}`,
    );
    strictEqual(code, 0, stderr);
  }
  for (const repository of ["synced", "scripted"]) {
    const answer = await fetch(`${url}/v2/${repository}/manifests/v1`, {
      method: "HEAD",
      headers: { accept: graph.root.mediaType },
    });
    strictEqual(answer.headers.get("docker-content-digest"), graph.root.digest);
  }
});

programTest("an interrupt ends a copy with 130 and leaves no tag", [
  "distribution",
], async (folder) => {
  await using registry = await startRegistry("distribution");
  await pushGraph(registry.url, "app", await multiPlatform(2), ["v1"]);
  await using proxy = tcpProxy(registry.host, {
    fault: { way: "down", afterBytes: 3000, times: Infinity, how: "stall" },
  });
  await using copying = start(`${DIST}regctl`, [
    "image",
    "copy",
    `${proxy.host}/app:v1`,
    "ocidir://out:v1",
    "--host",
    `reg=${proxy.host},tls=disabled`,
  ], { cwd: folder, clearEnv: true });
  await Promise.race([proxy.faulted, copying.status]);
  copying.kill("SIGINT");
  strictEqual((await copying.status).code, 130, copying.output());
  const { code } = await tool(
    folder,
    "regctl",
    "image",
    "digest",
    "ocidir://out:v1",
  );
  strictEqual(code, 1);
});

// The bundle holds a part of undici alone, which only this needs.
programTest(
  "copies from a registry that nobody verifies, and only if told to",
  [
    "openssl",
  ],
  async (folder) => {
    const certs = await certificates(["DNS:localhost"]);
    try {
      await using source = serve(new MemoryStorage(), { port: 0 });
      const graph = await multiPlatform(2);
      await pushGraph(`http://${source.address}`, "app", graph, ["v1"]);
      await using target = serve(new MemoryStorage(), {
        port: 0,
        tls: certs.server,
      });
      const host = `localhost:${target.address.replace(/^.*:/, "")}`;
      const copy = (...more: string[]) =>
        tool(
          folder,
          "regctl",
          "image",
          "copy",
          `${source.address}/app:v1`,
          `${host}/app:v1`,
          "--host",
          `reg=${source.address},tls=disabled`,
          "--retries=0",
          ...more,
        );
      const refused = await copy();
      strictEqual(refused.code, 1);
      match(refused.stderr, /certificate/);
      const { code, stderr } = await copy("--host", `reg=${host},tls=insecure`);
      strictEqual(code, 0, stderr);
    } finally {
      await Deno.remove(certs.dir, { recursive: true });
    }
  },
);

programTest(
  "the paths of the standard streams are these, and others of the system out of reach",
  [],
  async (folder) => {
    const graph = await multiPlatform(2);
    await writeLayout(`${folder}/image`, graph, "v1");
    const script = [
      "regctl image export ocidir://image:v1 /dev/stdout > image.tar",
      "regctl image import ocidir://copy:v1 /dev/stdin < image.tar",
      "regctl image digest ocidir://copy:v1",
      "echo 'version: 1' | regsync check -c /dev/stdin",
    ].join(" && ");
    const env = { PATH: `${DIST}:${Deno.env.get("PATH")}` };
    const { code, stdout, stderr } = await run("sh", ["-c", script], {
      cwd: folder,
      env,
    });
    strictEqual(stderr, "");
    strictEqual(code, 0);
    strictEqual(stdout, `${graph.root.digest}\n`);
    const far = await tool(folder, "regsync", "check", "-c", "/proc/version");
    strictEqual(
      far.stderr,
      'open /proc/version: "/proc/version" is out of reach: Deno keeps programs from files below /dev, /proc and /sys\n',
    );
  },
);
