import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { parse } from "../../src/cli/parse.ts";
import { sample } from "./sample_tool.ts";

async function call(...argv: string[]) {
  const parsed = await parse(sample, argv);
  if (parsed.kind !== "call") throw new Error(`no call: ${parsed.text}`);
  return parsed;
}

Deno.test("parse() fills in defaults", async () => {
  const { args, flags, given } = await call("group", "echo", "a");
  deepStrictEqual(args, ["a", undefined]);
  deepStrictEqual(flags, {
    logopt: [],
    verbosity: "WARN",
    host: [],
    limit: 3,
    rate: undefined,
    wait: undefined,
    include: ["all"],
    name: undefined,
    quiet: false,
    yes: true,
    secret: false,
  });
  strictEqual(given.size, 0);
});

Deno.test("parse() takes every form of a flag that pflag takes", async () => {
  for (
    const form of [
      ["--name", "x"],
      ["--name=x"],
      ["-n", "x"],
      ["-nx"],
      ["-n=x"],
      ["-qnx"],
    ]
  ) {
    const { flags } = await call("group", "echo", ...form, "a");
    strictEqual(flags.name, "x", form.join(" "));
  }
  strictEqual((await call("g", "echo", "a", "--name=")).flags.name, "");
  strictEqual((await call("g", "echo", "a", "--name", "-q")).flags.name, "-q");
  strictEqual((await call("g", "echo", "a", "-n", "-q")).flags.quiet, false);
});

Deno.test("parse() turns switches off, and never takes the next word for them", async () => {
  const { flags, args } = await call(
    "group",
    "echo",
    "--yes=false",
    "--quiet",
    "false",
  );
  strictEqual(flags.yes, false);
  strictEqual(flags.quiet, true);
  deepStrictEqual(args, ["false", undefined]);
  strictEqual((await call("g", "say", "a", "-qy=F")).flags.yes, false);
});

Deno.test("parse() discards a list's default at its first use, and splits no commas", async () => {
  const { flags } = await call(
    "g",
    "echo",
    "a",
    "--include",
    "b,c",
    "--include=d",
  );
  deepStrictEqual(flags.include, ["b,c", "d"]);
});

Deno.test("parse() takes global flags in any place", async () => {
  for (
    const argv of [
      ["-v", "debug", "group", "echo", "a"],
      ["group", "-v=debug", "echo", "a"],
      ["group", "echo", "a", "-vdebug"],
      ["--name", "x", "group", "echo", "a", "--verbosity=debug"],
    ]
  ) {
    strictEqual((await call(...argv)).flags.verbosity, "debug");
  }
});

Deno.test("parse() keeps the order in which flags came", async () => {
  const { occurrences } = await call(
    "g",
    "echo",
    "-n1",
    "--include=x",
    "-n",
    "2",
    "a",
    "--include",
    "y",
  );
  deepStrictEqual(occurrences.map(({ name, value }) => `${name}=${value}`), [
    "name=1",
    "include=x",
    "name=2",
    "include=y",
  ]);
});

Deno.test("parse() ends flags at two dashes", async () => {
  const { args } = await call("g", "echo", "--", "--quiet", "-x");
  deepStrictEqual(args, ["--quiet", "-x"]);
});

Deno.test("parse() finds a command whose operand is named like a command", async () => {
  deepStrictEqual((await call("g", "echo", "echo", "group")).args, [
    "echo",
    "group",
  ]);
});

Deno.test("parse() refuses with upstream's texts", async () => {
  const cases: [string[], string][] = [
    [["foo"], 'unknown command "foo" for "sample"'],
    [["group", "foo"], 'unknown command "foo" for "sample group"'],
    [["group", "echo"], "accepts between 1 and 2 arg(s), received 0"],
    [["group", "fail", "x"], "accepts 0 arg(s), received 1"],
    [
      ["g", "many", "--config=x"],
      "requires at least 1 arg(s), only received 0",
    ],
    [["g", "many", "x"], 'required flag(s) "config" not set'],
    [["g", "echo", "--bogus"], "unknown flag: --bogus"],
    [["g", "echo", "--bogus=1", "a"], "unknown flag: --bogus"],
    [["g", "echo", "-a/b"], "unknown shorthand flag: 'a' in -a/b"],
    [["g", "echo", "--name"], "flag needs an argument: --name"],
    [["g", "echo", "-n"], "flag needs an argument: 'n' in -n"],
    [
      ["g", "echo", "--quiet=2"],
      'invalid argument "2" for "-q, --quiet" flag: strconv.ParseBool: parsing "2": invalid syntax',
    ],
  ];
  for (const [argv, message] of cases) {
    await rejects(() => parse(sample, argv), { code: "usage", message });
  }
});

Deno.test("parse() suggests what was meant, but nothing hidden", async () => {
  await rejects(() => parse(sample, ["gruop"]), {
    hint: "did you mean group? see `sample --help`",
  });
  await rejects(() => parse(sample, ["g", "echo", "--limt", "1"]), {
    hint: "did you mean --limit? see `sample group echo --help`",
  });
  await rejects(() => parse(sample, ["g", "mani"]), {
    hint: "see `sample group --help`",
  });
});

Deno.test("parse() gives help for -h anywhere, for a group alone and for help", async () => {
  for (
    const argv of [
      ["group", "echo", "-h"],
      ["-h", "group", "echo"],
      ["help", "group", "echo"],
      ["group", "echo", "a", "b", "c", "--help"],
    ]
  ) {
    const parsed = await parse(sample, argv);
    strictEqual(parsed.kind, "help");
    if (parsed.kind === "help") {
      match(
        parsed.text,
        /Usage:\n {2}sample group echo <first> \[second\] \[flags\]/,
      );
      match(parsed.text, /Aliases:\n {2}echo, say/);
      match(parsed.text, /\n# print a word\nsample group echo word\n/);
      match(parsed.text, /-n, --name NAME +a name/);
      match(parsed.text, /Global Flags:/);
      strictEqual(parsed.text.includes("secret"), false);
    }
  }
  const group = await parse(sample, ["group"]);
  strictEqual(group.kind === "help" && group.text.includes("many"), false);
  const root = await parse(sample, []);
  match(
    root.kind === "help" ? root.text : "",
    /Available Commands:\n {2}group {2}a group\n/,
  );
});

Deno.test("parse() refuses an unknown flag of a group, unless help is asked for", async () => {
  for (const argv of [["--bogus"], ["group", "--bogus"]]) {
    await rejects(parse(sample, argv), { message: "unknown flag: --bogus" });
  }
  const { kind } = await parse(sample, ["group", "--bogus", "--help"]);
  strictEqual(kind, "help");
});
