import { rejects, strictEqual } from "node:assert/strict";
import { reachOf } from "../../../src/cmd/regbot/reach.ts";
import { tempDir } from "../../support/temp.ts";

const env = (home: string) => (name: string) =>
  name === "HOME" ? home : undefined;

Deno.test("reachOf() gives the working directory, unless it is the root or the home", async () => {
  await using dir = await tempDir();
  const reach = (workingDirectory: string) =>
    reachOf({}, { env: env("/home/x"), files: [], workingDirectory })
      .directories;
  strictEqual(
    await reach(dir.path).check(`${dir.path}/a`),
    `${await Deno.realPath(dir.path)}/a`,
  );
  await rejects(reach("/").check("/a"), /allow\.directories/);
  await rejects(reach("/home/x").check("/home/x/a"), /allow\.directories/);
});

Deno.test("reachOf() withholds logins and settings wherever they are", async () => {
  await using dir = await tempDir();
  const { directories } = reachOf({ directories: [dir.path] }, {
    env: (name) =>
      name === "REGISTRY_AUTH_FILE" ? `${dir.path}/auth.json` : dir.path,
    files: [`${dir.path}/regbot.yml`],
  });
  for (
    const name of [
      "regbot.yml",
      "auth.json",
      ".docker/config.json",
      ".regctl/config.json",
      "containers/auth.json",
    ]
  ) {
    await rejects(
      directories.check(`${dir.path}/${name}`),
      /logins or settings/,
      name,
    );
  }
});

Deno.test("reachOf() lets modules come from upstream's directories too", () => {
  const { modules } = reachOf({ directories: ["/x"] }, {
    env: env("/h"),
    files: [],
  });
  strictEqual(modules.directories.join(" "), "/x /lua-user /lua-mods");
});
