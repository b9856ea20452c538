import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { tempDir } from "../../support/temp.ts";
import { printedBy, runApi } from "./run.ts";

Deno.test("io reads and writes files in the allowed directories", async () => {
  await using dir = await tempDir();
  strictEqual(
    await printedBy(
      `local f = assert(io.open("${dir.path}/a.txt", "w")) print(io.type(f), f:write("one\\n", 2, "\\nlast\\0\\255")) f:close() print(io.type(f))
       for line in io.lines("${dir.path}/a.txt") do io.write("[", line, "]") end print()
       local r = io.open("${dir.path}/a.txt") print(r:read("*l", "*n")) print(#r:read("*a"), r:read("*l"), r:read(1))
       r:seek("set", 1) print(r:read(2)) r:close() print(pcall(r.read, r))
       local a = io.open("${dir.path}/a.txt", "a+") a:write("!") a:seek("set") print(a:read("*a"):sub(-1)) a:close()
       print(io.open("${dir.path}/none")) print(os.rename("${dir.path}/a.txt", "${dir.path}/b.txt"), os.remove("${dir.path}/b.txt"))
       print(pcall(io.open, "${dir.path}/x", "q")) print(io.stdout:write("out\\n"))`,
      { directories: [dir.path] },
    ).then((text) => text.replaceAll(dir.path, "D")),
    "file\ttrue\nclosed file\n[one][2][last\0\ufffd]\none\t2\n6\tnil\tnil\nne\n" +
      "false\t<string>:4: attempt to use a closed file\n!\n" +
      "nil\tD/none: No such file or directory\t1\ntrue\ttrue\n" +
      "false\t<string>:7: bad argument #2 to (anonymous) (invalid mode)\nout\ntrue\n",
  );
  deepStrictEqual([...Deno.readDirSync(dir.path)], []);
});

Deno.test("io reads and writes the files that are chosen, and else nothing and the output", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a.txt`;
  strictEqual(
    await printedBy(
      `print(io.read(), io.stdin:read("*l"), io.lines()(), io.input() == io.stdin, io.output() == io.stdout)
       local f = io.output("${path}") io.write("one\\n", 2, "\\n") io.stdout:write("seen\\n") print(io.flush(), io.output() == f, io.close())
       io.output(io.stdout) io.write("again\\n") print(io.close())
       io.input("${path}") print(io.read("*l")) for line in io.lines() do io.write("[", line, "]") end print(io.input():close())
       print(pcall(io.output, "${dir.path}/no/where")) print(pcall(io.input, "/etc/passwd"))`,
      { directories: [dir.path] },
    ).then((text) => text.replaceAll(dir.path, "D")),
    "nil\tnil\tnil\ttrue\ttrue\nseen\ntrue\ttrue\ttrue\nagain\ntrue\none\n[2]true\n" +
      "false\tD/no/where: No such file or directory\n" +
      'false\t<string>:5: the path "/etc/passwd" is not allowed; add its directory to "allow.directories"\n',
  );
});

Deno.test("files elsewhere are out of reach, whatever way the path goes", async () => {
  await using dir = await tempDir();
  await using other = await tempDir();
  await Deno.writeTextFile(`${other.path}/secret`, "secret");
  await Deno.symlink(other.path, `${dir.path}/link`);
  await Deno.symlink(`${other.path}/made`, `${dir.path}/dangling`);
  await Deno.writeTextFile(`${dir.path}/config.yml`, "pass: x");
  const paths = [
    `${other.path}/secret`,
    `${dir.path}/link/secret`,
    `${dir.path}/../${other.path.split("/").at(-1)}/secret`,
    `${dir.path}/dangling`,
    `${dir.path}/config.yml`,
    `${dir.path}x/y`,
    "/etc/passwd",
    "/proc/self/environ",
  ];
  const { printed } = await runApi(
    paths.map((path) =>
      `print((pcall(io.open, "${path}", "r")), (pcall(io.open, "${path}", "w")), (pcall(os.remove, "${path}")))
      print((pcall(tag.ls, "ocidir://${path}")), (pcall(image.copy, "ocidir://${path}:a", "ocidir://${dir.path}/new:a")), (pcall(require, "${path}")))`
    ).join("\n"),
    { directories: [dir.path], withheld: [`${dir.path}/config.yml`] },
  );
  strictEqual(printed, "false\tfalse\tfalse\n".repeat(2 * paths.length));
  strictEqual(await Deno.readTextFile(`${other.path}/secret`), "secret");
});

Deno.test("require finds modules in the allowed directories", async () => {
  await using dir = await tempDir();
  await Deno.mkdir(`${dir.path}/lib/deep`, { recursive: true });
  await Deno.writeTextFile(`${dir.path}/own.lua`, `return {name = ...}`);
  await Deno.writeTextFile(`${dir.path}/lib/deep/init.lua`, `return "deep"`);
  const { printed } = await runApi(
    `print(require("own").name, require("lib.deep"), pcall(function() require("none") end)) print((pcall(require, "../own")))`,
    { directories: [dir.path] },
  );
  match(
    printed,
    /^own\tdeep\tfalse\t<string>:1: module 'none' not found:\n\tno file/,
  );
  match(printed, /\nfalse\n$/);
});

Deno.test("os.getenv gives the variables that are allowed", async () => {
  const { printed, log } = await runApi(
    `print(os.getenv("SHOWN"), os.getenv("HIDDEN"), os.getenv("ABSENT"))`,
    { env: { SHOWN: "1", HIDDEN: "2" }, allow: { env: ["SHOWN", "ABSENT"] } },
  );
  strictEqual(printed, "1\tnil\tnil\n");
  deepStrictEqual(log, [
    `Variable is not allowed; add it to "allow.env" variable=HIDDEN`,
  ]);
});
