import { rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import type { Descriptor } from "../../../src/registry/core.ts";
import {
  findInLayer,
  getImageFile,
} from "../../../src/registry/layers/get_file.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { type NewEntry, writeTar } from "../../../src/registry/tar/writer.ts";

const notFound = (error: Error) => isRegError(error, "not_found");

const file = (name: string, text = name): NewEntry => {
  const body = new TextEncoder().encode(text);
  return { header: { name, size: body.length }, body: [body] };
};
const link = (name: string, linkname: string, type = "2"): NewEntry => ({
  header: { name, linkname, type },
});

async function find(path: string, ...entries: NewEntry[]): Promise<string> {
  const answer = await findInLayer(
    ReadableStream.from(writeTar(entries)),
    path,
  );
  if (answer === undefined) return "nothing";
  if (answer === "deleted") return answer;
  if ("moved" in answer) return `-> ${answer.moved}`;
  return await new Response(answer.file.body).text();
}

Deno.test("findInLayer() finds by clean paths", async () => {
  for (const path of ["/etc/app", "etc/app", "./etc//x/../app"]) {
    strictEqual(await find(path, file("a"), file("./etc/app")), "./etc/app");
  }
  strictEqual(await find("etc", file("etc/app")), "nothing");
});

Deno.test("findInLayer() knows what whiteouts delete", async () => {
  strictEqual(await find("a/b", file("a/.wh.b")), "deleted");
  strictEqual(await find("a/b/c", file("a/.wh.b")), "deleted");
  strictEqual(await find("a/bc", file("a/.wh.b")), "nothing");
  strictEqual(await find("b", file("a/.wh.b")), "nothing");
  strictEqual(await find("a/b", file("a/.wh..wh..opq")), "deleted");
  strictEqual(await find("ab", file("a/.wh..wh..opq")), "nothing");
  strictEqual(await find("a/b", file("a/.wh..wh..opq"), file("a/b")), "a/b");
  await rejects(
    find(".wh.a", file("a")),
    (error) => isRegError(error, "usage"),
  );
});

Deno.test("findInLayer() tells where links lead, those above the file too", async () => {
  strictEqual(await find("a/b", link("a/b", "c")), "-> a/c");
  strictEqual(await find("a/b", link("a/b", "/c")), "-> c");
  strictEqual(await find("a/b", link("a/b", "../../../c")), "-> c");
  strictEqual(await find("a/b", link("a/b", "x/c", "1")), "-> x/c");
  strictEqual(await find("bin/sh", link("bin", "usr/bin")), "-> usr/bin/sh");
});

async function imageOf(...layers: (readonly NewEntry[])[]) {
  const store = new MemoryStore();
  const nodes: Descriptor[] = [];
  for (const entries of layers) {
    const tar = ReadableStream.from(writeTar(entries));
    nodes.push(await store.add(await new Response(tar).bytes()));
  }
  return async (path: string) => {
    const { body } = await getImageFile(store, nodes, path);
    return await new Response(body).text();
  };
}

Deno.test("getImageFile() takes the topmost layer's word", async () => {
  const get = await imageOf(
    [file("a", "low"), file("gone"), file("dir/x", "low")],
    [file(".wh.gone"), file("dir/.wh..wh..opq")],
    [file("a", "high")],
  );
  strictEqual(await get("a"), "high");
  await rejects(get("gone"), /failed pulling from layer 1: file deleted/);
  await rejects(get("dir/x"), /failed pulling from layer 1: file deleted/);
  await rejects(get("none"), notFound);
});

Deno.test("getImageFile() follows links through all layers, and not for ever", async () => {
  const get = await imageOf(
    [file("usr/lib/os-release", "ID=x"), file("usr/bin/sh", "elf")],
    [link("etc/os-release", "../usr/lib/os-release"), link("bin", "usr/bin")],
    [link("hard", "etc/os-release", "1"), link("loop", "loop")],
  );
  strictEqual(await get("/etc/os-release"), "ID=x");
  strictEqual(await get("/hard"), "ID=x");
  strictEqual(await get("/bin/sh"), "elf");
  await rejects(get("loop"), /too many links/);
});

Deno.test("getImageFile() tells at the end of a file whether its layer was altered", async () => {
  const store = new MemoryStore();
  const tar = await new Response(
    ReadableStream.from(writeTar([file("a"), file("b")])),
  ).bytes();
  const node = await store.add(tar);
  const { body } = await getImageFile(
    {
      ...store,
      open: (node) =>
        store.open(node).then((stream) =>
          stream.pipeThrough(
            new TransformStream({
              flush: () => {
                throw new Error("altered");
              },
            }),
          )
        ),
    } as MemoryStore,
    [node],
    "a",
  );
  await rejects(new Response(body).text(), /altered/);
});
