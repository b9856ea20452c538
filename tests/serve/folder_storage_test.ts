import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { isRegError } from "../../src/base/errors.ts";
import { openLayout } from "../../src/registry/store/layout.ts";
import {
  createRegistry,
  FolderStorage,
  openFolder,
  type Storage,
} from "../../src/serve/mod.ts";
import { type Graph, image, index } from "../support/images.ts";
import { RegistryApi } from "../support/registry_api.ts";
import { testStorage } from "../support/storage_contract.ts";
import { tempDir } from "../support/temp.ts";

testStorage("FolderStorage", async (): Promise<Storage> => {
  const dir = await tempDir();
  const storage = await openFolder(dir.path);
  return {
    repositories: () => storage.repositories(),
    repository: (name) => storage.repository(name),
    async [Symbol.asyncDispose]() {
      await storage[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
});

const IMAGE = await image();

async function writeLayout(path: string, graph: Graph, tag: string) {
  await using layout = await openLayout(path);
  for (const { descriptor, bytes } of graph.blobs) {
    await layout.push(
      descriptor,
      () => Promise.resolve(ReadableStream.from([bytes])),
    );
  }
  for (const { descriptor, bytes } of graph.manifests) {
    await layout.putManifest(descriptor, bytes, { tag });
  }
}

function api(storage: Storage): RegistryApi {
  return new RegistryApi(createRegistry(storage));
}

Deno.test("FolderStorage serves what was copied into a layout, also while it runs", async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  const served = api(storage);
  strictEqual((await served.ask("GET a/b/tags/list")).status, 404);
  await writeLayout(join(dir.path, "a", "b"), IMAGE, "v1");
  const { status, bytes } = await served.ask("GET a/b/manifests/v1");
  strictEqual(status, 200);
  deepStrictEqual(bytes, IMAGE.manifests[0]!.bytes);
  await writeLayout(join(dir.path, "a", "b"), await image({ seed: 2 }), "v2");
  const { text } = await served.ask("GET a/b/tags/list");
  deepStrictEqual(JSON.parse(text).tags, ["v1", "v2"]);
});

Deno.test("FolderStorage leaves on disk what ocidir:// reads", async () => {
  await using dir = await tempDir();
  const referrer = await image({ seed: 3, subject: IMAGE.root });
  {
    await using storage = await openFolder(dir.path);
    await api(storage).pushGraph("app", index([IMAGE]), "v1");
    await api(storage).pushGraph("app", referrer);
  }
  await using layout = await openLayout(join(dir.path, "app"));
  strictEqual((await layout.resolve("v1")).size, index([IMAGE]).root.size);
  const { descriptors } = await layout.referrers(IMAGE.root);
  deepStrictEqual(descriptors.map(({ digest }) => digest), [
    referrer.root.digest,
  ]);
});

Deno.test("FolderStorage keeps repositories apart that lie in each other's folders", async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  const served = api(storage);
  const names = ["app", "app/blobs/x", "app/index.json", "app/oci-layout"];
  for (const name of names) await served.pushGraph(name, IMAGE, "v1");
  deepStrictEqual(await storage.repositories(), names);
  for (const name of names) {
    strictEqual((await served.ask(`GET ${name}/manifests/v1`)).status, 200);
  }
});

Deno.test("FolderStorage goes on with an upload after a restart", async () => {
  await using dir = await tempDir();
  const { descriptor: { digest }, bytes } = IMAGE.blobs[0]!;
  let path = "";
  {
    await using storage = await openFolder(dir.path);
    const served = api(storage);
    path = await served.begin("app");
    const body = bytes.slice(0, 100);
    strictEqual((await served.ask(`PATCH ${path}`, { body })).status, 202);
  }
  await using storage = await openFolder(dir.path);
  const served = api(storage);
  const status = await served.ask(`GET ${path}`);
  strictEqual(status.headers.get("range"), "0-99");
  const stolen = path.replace("/app/", "/other/");
  strictEqual((await served.ask(`GET ${stolen}`)).status, 404);
  const put = await served.ask(`PUT ${path}?digest=${digest}`, {
    body: bytes.slice(100),
  });
  strictEqual(put.status, 201);
  strictEqual((await served.ask(`HEAD app/blobs/${digest}`)).status, 200);
});

Deno.test("FolderStorage shares the bytes of a mounted blob", async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  const { digest } = IMAGE.blobs[0]!.descriptor;
  await api(storage).pushBlob("a", IMAGE.blobs[0]!);
  await api(storage).ask(`POST b/blobs/uploads/?mount=${digest}&from=a`);
  const file = join("blobs", ...digest.split(":"));
  const [one, two] = [
    await Deno.stat(join(dir.path, "a", file)),
    await Deno.stat(join(dir.path, "b", file)),
  ];
  strictEqual(one.ino, two.ino);
  deepStrictEqual(
    await Array.fromAsync(Deno.readDir(`${dir.path}/.uploads`)),
    [],
  );
});

Deno.test("FolderStorage takes no manifest's file away as a blob", async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  const served = api(storage);
  await served.pushGraph("app", IMAGE, "v1");
  const path = `app/blobs/${IMAGE.root.digest}`;
  strictEqual((await served.ask(`DELETE ${path}`)).status, 404);
  strictEqual((await served.ask("GET app/manifests/v1")).status, 200);
});

Deno.test("FolderStorage does not follow a link out of a layout", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(join(dir.path, "secret"), "top secret");
  await writeLayout(join(dir.path, "root", "app"), IMAGE, "v1");
  const { digest } = IMAGE.blobs[0]!.descriptor;
  const blob = join(dir.path, "root", "app", "blobs", ...digest.split(":"));
  await Deno.remove(blob);
  await Deno.symlink(join(dir.path, "secret"), blob);
  await using storage = await openFolder(join(dir.path, "root"));
  const answer = await api(storage).ask(`GET app/blobs/${digest}`);
  strictEqual(answer.text.includes("secret"), false);
  strictEqual(answer.status >= 400, true);
});

Deno.test("FolderStorage collects what nobody reaches, once it is old enough", async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  const served = api(storage);
  const other = await image({ seed: 5 });
  await served.pushGraph("app", IMAGE, "v1");
  await served.pushBlob("app", other.blobs[0]!);
  const path = await served.begin("app");
  await served.ask(`PATCH ${path}`, { body: "x" });
  await storage[Symbol.asyncDispose]();
  const orphan = `HEAD app/blobs/${other.blobs[0]!.descriptor.digest}`;
  await storage.collect({ graceMs: 60_000 });
  strictEqual((await served.ask(orphan)).status, 200);
  await storage.collect({ graceMs: -1000 });
  strictEqual((await served.ask(orphan)).status, 404);
  deepStrictEqual(
    await Array.fromAsync(Deno.readDir(`${dir.path}/.uploads`)),
    [],
  );
  for (const { descriptor } of IMAGE.blobs) {
    const head = await served.ask(`HEAD app/blobs/${descriptor.digest}`);
    strictEqual(head.status, 200);
  }
});

Deno.test("FolderStorage keeps a manifest that lost its tag", async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  const served = api(storage);
  await served.pushGraph("app", IMAGE, "v1");
  await served.ask("DELETE app/manifests/v1");
  await storage[Symbol.asyncDispose]();
  await storage.collect({ graceMs: -1000 });
  const kept = await served.ask(`GET app/manifests/${IMAGE.root.digest}`);
  strictEqual(kept.status, 200);
});

Deno.test("openFolder() refuses a folder that is a layout, and one that is a file", async () => {
  await using dir = await tempDir();
  await writeLayout(join(dir.path, "app"), IMAGE, "v1");
  await rejects(
    openFolder(join(dir.path, "app")),
    (error) => isRegError(error, "usage"),
  );
  await rejects(
    openFolder(join(dir.path, "app", "index.json")),
    (error) => isRegError(error, "file"),
  );
});

Deno.test("openFolder() writes nothing where it is told to", async () => {
  await using dir = await tempDir();
  await writeLayout(join(dir.path, "app"), IMAGE, "v1");
  await using storage = await openFolder(dir.path, { readOnly: true });
  strictEqual(storage instanceof FolderStorage, true);
  strictEqual((await api(storage).ask("GET app/manifests/v1")).status, 200);
  const names = await Array.fromAsync(Deno.readDir(dir.path));
  deepStrictEqual(names.map(({ name }) => name), ["app"]);
  await rejects(
    openFolder(join(dir.path, "none"), { readOnly: true }),
    (error) => isRegError(error, "file"),
  );
});

Deno.test("openFolder() removes uploads that were forgotten long ago", async () => {
  await using dir = await tempDir();
  const uploads = join(dir.path, ".uploads");
  await Deno.mkdir(uploads);
  for (const [name, days] of [["old", 8], ["young", 6]] as const) {
    await Deno.writeTextFile(join(uploads, name), "x");
    const time = new Date(Date.now() - days * 86_400_000);
    await Deno.utime(join(uploads, name), time, time);
  }
  await using _storage = await openFolder(dir.path);
  const names = await Array.fromAsync(Deno.readDir(uploads));
  deepStrictEqual(names.map(({ name }) => name), ["young"]);
});
