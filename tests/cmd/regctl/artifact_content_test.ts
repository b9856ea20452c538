import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { collect } from "../../../src/base/streams.ts";
import {
  configOf,
  layersOf,
} from "../../../src/cmd/regctl/artifact_content.ts";
import type { ContentFlags } from "../../../src/cmd/regctl/artifact_types.ts";
import { contentFlags } from "../../support/artifacts.ts";
import { memoryIo } from "../../support/cli.ts";
import { tempDir } from "../../support/temp.ts";

async function layers(flags: Partial<ContentFlags>, stdin = "") {
  await using files = new AsyncDisposableStack();
  const { io } = memoryIo({ stdin });
  const found = await layersOf(io, {
    flags: contentFlags(flags),
    types: { artifact: "a/b", config: "c/d", files: ["e/f", "g/h"] },
    files,
  });
  return await Promise.all(found.map(async ({ node, body }) => {
    const bytes = await collect(await body(), 1000);
    strictEqual(bytes.length, node.size);
    const { mediaType, annotations = {} } = node;
    return [mediaType, ...Object.values(annotations), bytes] as const;
  }));
}

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("layersOf() reads the standard input where no file is named", async () => {
  deepStrictEqual(await layers({}, "typed"), [["e/f", encode("typed")]]);
});

Deno.test("layersOf() reads files, packs directories, and titles them as told", async () => {
  await using dir = await tempDir();
  const file = `${dir.path}/sub/a.txt`;
  await Deno.mkdir(`${dir.path}/sub`);
  await Deno.writeTextFile(file, "alpha");
  const named = { file: [file, `${dir.path}/sub/`], "file-title": true };
  const whole = await layers(named);
  deepStrictEqual(whole[0], ["e/f", file, encode("alpha")]);
  deepStrictEqual(whole[1]?.slice(0, 2), ["g/h", `${dir.path}/sub/`]);
  const packed = whole[1]?.at(-1);
  ok(packed instanceof Uint8Array && packed[0] === 0x1f && packed[1] === 0x8b);
  const short = await layers({ ...named, "strip-dirs": true });
  deepStrictEqual(short.map(([, title]) => title), ["a.txt", "sub/"]);
});

/** The config that flags lead to. */
function config(flags: Partial<ContentFlags>, stdin = "") {
  const { io } = memoryIo({ stdin });
  return configOf(io, { flags: contentFlags(flags), mediaType: "c/d" });
}

Deno.test("layersOf() and configOf() name the file that they cannot read", async () => {
  const lost = "no/such/file";
  const named = { code: "file", message: /Cannot read "no\/such\/file"/ };
  await rejects(layers({ file: [lost] }), named);
  await rejects(config({ "config-file": lost }), named);
});

Deno.test("configOf() and layersOf() know the standard input by its path", async () => {
  const { body } = await config({ "config-file": "/dev/stdin" }, "{ }");
  deepStrictEqual(await collect(await body(), 10), encode("{ }"));
  const [layer] = await layers({ file: ["/dev/stdin"] }, "text");
  deepStrictEqual(layer?.at(-1), encode("text"));
});

Deno.test("configOf() gives an empty object where no file is named", async () => {
  const { node, body } = await config({});
  deepStrictEqual([node.mediaType, node.size], ["c/d", 2]);
  deepStrictEqual(await collect(await body(), 10), encode("{}"));
  deepStrictEqual(await collect(await body({ offset: 1 }), 10), encode("}"));
});
