import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { calledAs } from "../src/main.ts";

Deno.test("calledAs() takes the name of the program, whatever is attached to it", () => {
  for (
    const argv0 of [
      "regctl",
      "/usr/local/bin/regctl",
      "regctl.exe",
      "C:\\bin\\regctl.exe",
      "./regctl-linux-amd64",
    ]
  ) {
    deepStrictEqual(calledAs(argv0, ["tag", "ls"]), {
      name: "regctl",
      argv: ["tag", "ls"],
    });
  }
});

Deno.test("calledAs() else takes the first word", () => {
  for (const argv0 of ["deno", "/opt/regkit", "regctlx", ""]) {
    deepStrictEqual(calledAs(argv0, ["regctl", "version"]), {
      name: "regctl",
      argv: ["version"],
    });
  }
  deepStrictEqual(calledAs("regkit", []), { name: "", argv: [] });
});

async function main(...args: string[]) {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", "src/main.ts", ...args],
    cwd: new URL("../", import.meta.url).pathname,
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code: output.code,
    stdout: decode(output.stdout),
    stderr: decode(output.stderr),
  };
}

Deno.test("the program lists its tools, runs one, and refuses others", async () => {
  const [alone, version, unknown] = await Promise.all([
    main(),
    main("regctl", "version"),
    main("bogus"),
  ]);
  strictEqual(alone.code, 0);
  match(alone.stdout, /\n {2}regctl {2}/);
  strictEqual(version.code, 0);
  match(version.stdout, /^VCSTag: +v\d/);
  strictEqual(unknown.code, 2);
  match(unknown.stderr, /^error: unknown tool "bogus"\nhint: /);
});
