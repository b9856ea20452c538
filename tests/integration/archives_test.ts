/** What `regctl image export` writes, in other people's programs, and theirs in ours. */
import { match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { regctl } from "../../src/cmd/regctl/mod.ts";
import { cli } from "../support/cli.ts";
import { image, multiPlatform, writeLayout } from "../support/images.ts";
import { peer, peerTest } from "../support/peers.ts";
import { mustRun } from "../support/process.ts";
import { tempDir } from "../support/temp.ts";

const IMAGE = await image();
const INDEX = await multiPlatform(2);

async function run(home: string, ...words: readonly string[]): Promise<string> {
  const env = { HOME: home, REGCTL_CONFIG: join(home, "regctl.json") };
  const { exit, stdout, stderr } = await cli(regctl, words, { env });
  strictEqual(exit, 0, stderr);
  return stdout;
}

/** A folder with two layouts, each exported to an archive. */
async function archives() {
  const dir = await tempDir();
  for (const [name, graph] of [["image", IMAGE], ["index", INDEX]] as const) {
    await writeLayout(join(dir.path, name), graph, "v1");
    await run(
      dir.path,
      ...["image", "export", `ocidir://${dir.path}/${name}:v1`],
      `${dir.path}/${name}.tar`,
    );
  }
  return dir;
}

peerTest(
  "podman loads what was exported from a layout",
  ["podman"],
  async () => {
    await using dir = await archives();
    const storage = [
      `--root=${dir.path}/store`,
      `--runroot=${dir.path}/run`,
      "--storage-driver=vfs",
    ];
    for (const name of ["image", "index"]) {
      const said = await mustRun(
        peer("podman"),
        [...storage, "load", "-i", `${dir.path}/${name}.tar`],
        { env: { HOME: dir.path, XDG_RUNTIME_DIR: dir.path } },
      );
      match(said, new RegExp(`Loaded image: localhost/.*/${name}:v1`));
    }
  },
);

peerTest(
  "skopeo reads both forms of an archive, and regctl what skopeo wrote",
  [
    "skopeo",
  ],
  async () => {
    await using dir = await archives();
    const skopeo = (...words: readonly string[]) =>
      mustRun(peer("skopeo"), words, { env: { HOME: dir.path } });
    const { digest } = IMAGE.root;
    const file = `${dir.path}/image.tar`;
    const saved = `${dir.path}/saved.tar`;
    await skopeo(
      "copy",
      `docker-archive:${file}`,
      `docker-archive:${saved}:a/b:c`,
    );
    await skopeo(
      "copy",
      `oci-archive:${file}`,
      `oci-archive:${dir.path}/oci.tar:x`,
    );
    const imported = async (name: string) => {
      const target = `ocidir://${dir.path}/${name}:v1`;
      await run(dir.path, "image", "import", target, `${dir.path}/${name}.tar`);
      return await run(dir.path, "image", "inspect", target);
    };
    const config = await imported("image");
    strictEqual(await imported("oci"), config);
    strictEqual(JSON.parse(await imported("saved")).os, "linux");
    const target = `ocidir://${dir.path}/oci:v1`;
    strictEqual(
      (await run(dir.path, "image", "digest", target)).trim(),
      digest,
    );
  },
);
