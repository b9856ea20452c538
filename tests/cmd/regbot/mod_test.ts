/** regbot as people use it: files, flags, logs, exit status. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { botBench } from "../../support/regbot.ts";

const script = (name: string, lua: string) =>
  `  - name: ${name}\n    script: |\n${lua.replace(/^/gm, "      ")}\n`;

Deno.test("once logs what a script says and ends with 0", async () => {
  await using bench = await botBench();
  const { exit, log, stdout, rest } = await bench.run(
    ["once"],
    `scripts:\n${script("hello", 'log "hello"; log(5)\nprint("out", 1e15)')}`,
  );
  strictEqual(exit, 0);
  deepStrictEqual(log, [
    'level=INFO msg="User script message" script=hello message=hello',
    'level=INFO msg="User script message" script=hello message=5',
  ]);
  strictEqual(stdout, "out\t1000000000000000\n");
  strictEqual(rest, "");
});

Deno.test("once goes on after a script that fails, and ends with 1", async () => {
  await using bench = await botBench();
  const { exit, log, rest } = await bench.run(
    ["once"],
    `scripts:\n${script("bad", 'error("boom")')}${
      script("good", 'log "still"')
    }`,
  );
  strictEqual(exit, 1);
  deepStrictEqual(log, [
    `level=WARN msg="Error running script" script=bad error="<string>:1: boom\\nstack traceback:\\n\\t[G]: in function 'error'\\n\\t<string>:1: in main chunk\\n\\t[G]: ?"`,
    'level=INFO msg="User script message" script=good message=still',
  ]);
  strictEqual(
    rest,
    "<string>:1: boom\nstack traceback:\n\t[G]: in function 'error'\n\t<string>:1: in main chunk\n\t[G]: ?\n",
  );
});

Deno.test("once --dry-run logs and changes nothing", async () => {
  await using bench = await botBench();
  const yaml = `scripts:\n${
    script("copy", 'image.copy("S/test/repo:v2", "S/new:a")')
  }`;
  const dry = await bench.run(["once", "--dry-run"], yaml);
  strictEqual(dry.exit, 0);
  match(
    dry.log.join("\n"),
    /msg="Copy image" script=copy source=S\/test\/repo:v2 target=S\/new:a .*dry-run=true/,
  );
  ok(bench.S.take().every((request) => /^(GET|HEAD) /.test(request)));
  strictEqual((await bench.run(["once"], yaml)).exit, 0);
  const tags = await fetch(`${bench.S.url}/v2/new/tags/list`);
  deepStrictEqual((await tags.json()).tags, ["a"]);
});

Deno.test("once ends a script at its time-out while others go on", async () => {
  await using bench = await botBench();
  const { exit, log } = await bench.run(
    ["once"],
    `defaults: {parallel: 2}\nscripts:\n  - {name: loop, timeout: 50ms, script: 'while true do tag.ls("S/test/repo") end'}
  - {name: spin, timeout: 50ms, script: 'while true do end'}\n${
      script("other", 'log "done"')
    }`,
  );
  strictEqual(exit, 1);
  const failed = log.filter((line) => line.includes("Error running script"));
  strictEqual(failed.length, 2);
  ok(
    failed.every((line) => line.includes("deadline exceeded")),
    failed.join("\n"),
  );
  ok(log.some((line) => line.includes("message=done")));
});

Deno.test("the early documentation's example runs, with a warning", async () => {
  await using bench = await botBench();
  const { exit, log } = await bench.run(
    ["once"],
    `scripts:\n${
      script(
        "Busybox Tags",
        'tags = tag.ls("S/test/repo")\ntable.sort(tags)\nfor k, t in ipairs(tags) do\n  log "Found tag " .. t\nend',
      )
    }`,
  );
  strictEqual(exit, 0);
  match(
    log[0] ?? "",
    /level=WARN msg="Statement is read as a call: add brackets" script="Busybox Tags"/,
  );
  deepStrictEqual(
    log.slice(1).map((line) => /message="(.*)"/.exec(line)?.[1]),
    ["Found tag v1", "Found tag v2", "Found tag v3"],
  );
});

Deno.test("scripts see their args, and none of each other's globals", async () => {
  await using bench = await botBench();
  const { stdout } = await bench.run(
    ["once"],
    `defaults: {args: {keep: 3, who: all}}\nscripts:\n  - {script: 'x = 1 print(args.keep, args.who)', args: {who: me}}\n  - {script: 'print(x, args.who)'}`,
  );
  strictEqual(stdout, "3\tme\nnil\tall\n");
});

Deno.test("scripts reach what their lists allow, and never the configuration", async () => {
  await using bench = await botBench();
  const { stdout } = await bench.run(
    ["once"],
    `defaults: {allow: {directories: ["$DIR"], write: []}}
scripts:\n${
      script(
        "x",
        `print(pcall(image.copy, "S/test/repo:v2", "S/new:a"))
print(pcall(io.open, "$DIR/regbot.yml"))
image.exportTar("S/test/repo:v2", "$DIR/out.tar")
print(io.open("$DIR/out.tar"):read(8) ~= nil, pcall(io.open, "/etc/passwd"))
print(os.getenv("HOME"))`,
      )
    }`,
  );
  const lines = stdout.split("\n");
  match(lines[0] ?? "", /add it to "allow\.write"/);
  match(lines[1] ?? "", /may hold logins or settings/);
  match(lines[2] ?? "", /^true\tfalse\t.*allow\.directories/);
  strictEqual(lines[3], "nil");
});

Deno.test("images go to archives and back unchanged", async () => {
  await using bench = await botBench();
  const { exit, stdout, rest } = await bench.run(
    ["once"],
    `defaults: {allow: {directories: ["$DIR"]}}\nscripts:\n${
      script(
        "x",
        `image.exportTar("S/test/repo:v1", "$DIR/a.tar") image.importTar("S/back:v1", "$DIR/a.tar")
print(manifest.head("S/back:v1"):descriptor().digest == manifest.head("S/test/repo:v1"):descriptor().digest)
print(pcall(image.importTar, "S/back:v2", "$DIR/none.tar"))`,
      )
    }`,
  );
  strictEqual(exit, 0, rest);
  match(
    stdout,
    /^true\nfalse\t<string>:3: Failed to read from "\S+": open \S+: no such file or directory\n/,
  );
});

Deno.test("an image's tags that share a digest are deleted one by one", async () => {
  await using bench = await botBench();
  const { exit, stdout } = await bench.run(
    ["once"],
    `scripts:\n${
      script(
        "x",
        'tag.delete("S/test/repo:v2") print(table.concat(tag.ls("S/test/repo"), " "))',
      )
    }`,
  );
  deepStrictEqual([exit, stdout], [0, "v1 v3\n"]);
});

Deno.test("check reports what does not parse, with line and name, and runs nothing", async () => {
  await using bench = await botBench();
  const { exit, rest } = await bench.run(
    ["check"],
    `defaults: {interval: 1m}
scripts:
  - name: good
    script: log "a" .. b
  - name: bad
    script: |
      print("x")
      x x
  - name: timer
    schedule: "* *"
    script: error("never run")
`,
  );
  strictEqual(exit, 1);
  const file = `${bench.dir}/regbot.yml`;
  strictEqual(
    rest,
    `${file}:11:15: schedule of "timer": expected exactly 5 fields, found 2: [* *]; found "* *"\n` +
      `${file}:9: script "bad": '=' expected near 'x'\n`,
  );
});

Deno.test("run runs a file with settings", async () => {
  await using bench = await botBench();
  await Deno.writeTextFile(
    `${bench.dir}/s.lua`,
    `#!/usr/bin/env regbot\nprint(args.repo, args.keep)\nerror("at the end")`,
  );
  const { exit, stdout, rest } = await bench.plain([
    "run",
    "$DIR/s.lua",
    "--",
    "repo=a/b",
    "keep=x=y",
  ]);
  strictEqual(exit, 1);
  strictEqual(stdout, "a/b\tx=y\n");
  match(rest, /s\.lua:3: at the end/);
});

Deno.test("types writes Lua definitions", async () => {
  await using bench = await botBench();
  const { exit, stdout } = await bench.plain(["types"]);
  strictEqual(exit, 0);
  match(stdout, /^---@meta/);
});

Deno.test("a command line that makes no sense ends with 1 and upstream's words", async () => {
  await using bench = await botBench();
  const said = async (...words: string[]) => {
    const { exit, rest } = await bench.plain(words);
    return [exit, rest.trim()];
  };
  deepStrictEqual(await said("once"), [1, 'required flag(s) "config" not set']);
  deepStrictEqual(await said("once", "-c", ""), [1, "required input missing"]);
  deepStrictEqual(await said("once", "-c", "/nonexist"), [
    1,
    "open /nonexist: no such file or directory",
  ]);
  deepStrictEqual(await said("run", "$DIR/none", "--", "x"), [
    1,
    `open ${bench.dir}/none: no such file or directory`,
  ]);
});

Deno.test("schema writes the JSON Schema of the file", async () => {
  await using bench = await botBench();
  const { exit, stdout } = await bench.plain(["schema"]);
  const { properties } = JSON.parse(stdout);
  deepStrictEqual([exit, Object.keys(properties)], [
    0,
    ["version", "creds", "defaults", "scripts"],
  ]);
});
