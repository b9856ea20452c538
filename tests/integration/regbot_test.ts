/**
 * Scripts with upstream's regbot and with ours, against the same registry:
 * the same output, the same log, the same exit status, the same requests that
 * change something.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { botBench } from "../support/regbot.ts";
import { peer, peerTest } from "../support/peers.ts";
import { run } from "../support/process.ts";
import { runWithGc } from "../support/with_gc.ts";

/** A script, and what is compared. */
interface Case {
  readonly about: string;
  readonly script: string;
  readonly flags?: readonly string[];
  readonly fails?: boolean;
}

const CASES: readonly Case[] = [
  {
    about: "messages",
    script:
      `log "hello"; log(5); log(1e15); print(10 / 2, 0.1, 1e15, nil, true)`,
  },
  {
    about: "references",
    script:
      `local r = reference.new("S/test/repo:v1"); r:tag("v2"); print(r, r:tag(), r:digest() == "")
r:digest("sha256:" .. string.rep("0", 64)) print(r, r:tag() == "") print(reference.new("busybox"))
print(reference.new("ocidir://./x:y"), pcall(reference.new, "BAD REF")) print(pcall(reference.new, {}))`,
  },
  {
    about: "lists",
    script:
      `for _, t in ipairs(tag.ls("S/test/repo")) do if string.match(t, "^v%d$") then print(t) end end
print(table.concat(repo.ls("HOST"), " "), #tag.ls("S/test/repo", {limit = 2, last = "v1"}))`,
  },
  {
    about: "manifests and configs",
    script:
      `local m = manifest.get("S/test/repo:v1", "linux/arm64") local c = image.config(m)
print(c.Config.Labels.version, c.Platform.architecture, #m.layers, m.layers[1].Digest == m.Layers[1].digest)
print(c.created, c.Created, c.author, c.history[1].created_by, c.history[1].CreatedBy, c.rootfs.diff_ids[1], c.Config.Env[1])
print(m.Config.mediaType, m.Config.Size, m.Versioned.schemaVersion, m.Annotations.x, m.Subject, #m.Annotations)
local l = manifest.getList("S/test/repo:v1") print(#l.manifests, l.manifests[2].platform.variant, l.manifests[1].Platform.OS)
local h = manifest.head("S/test/repo:v1") print(h:descriptor().digest == l:descriptor().digest, h.Index ~= nil, h.Index.mediaType)
local d = manifest.descriptor("S/test/repo:v2") print(d.mediaType, d.size, d.Size, d.platform, #d.urls)
local r = h:ratelimit() print(r.Set, r.Remain, r.Limit)`,
  },
  {
    about: "a copy",
    script:
      `image.copy("S/test/repo:v2", "S/new/repo:a") image.copy("S/test/repo:v1", "S/new/repo:b", {digestTags = true})`,
  },
  {
    about: "the newest tags mirrored",
    script:
      `function string.parts(text, separator) local list = {} for part in string.gmatch(text, "([^" .. separator .. "]+)") do table.insert(list, part) end return list end
local tags = {} for _, name in pairs(tag.ls("S/test/repo")) do if string.match(name, "^v%d+$") then table.insert(tags, name) end end
table.sort(tags, function(a, b) return tonumber(a:sub(2)) <= tonumber(b:sub(2)) end) tags = {unpack(tags, #tags - 1)}
local from, to = reference.new("S/test/repo"), reference.new("S/kept/repo")
for _, name in ipairs(tags) do from:tag(name) to:tag(name) if not image.ratelimitWait(from, 100) then error "late" end log("Copying " .. name) image.copy(from, to) end
local old = image.config(to) print(old.created < os.date("!%Y-%m-%dT%H:%M:%SZ"), os.date("!%Y-%m-%dT%H:%M:%SZ", 86400 * 30), #string.parts("a.b-c", "%.-"))`,
  },
  {
    about: "a dry run",
    flags: ["--dry-run"],
    script:
      `image.copy("S/test/repo:v2", "S/new/repo:a") tag.delete("S/test/repo:v2") manifest.head("S/test/repo:v3"):delete()`,
  },
  {
    about: "a manifest deleted",
    script: `manifest.head("S/test/repo:v3"):delete()`,
  },
  {
    about: "an error",
    fails: true,
    script: `local function f()\n  error("boom")\nend\nf()`,
  },
  {
    about: "an error of another kind",
    fails: true,
    script: `local x = nil\nprint(x.y)`.replace(
      "print(x.y)",
      `error("at " .. 1, 0)`,
    ),
  },
  {
    about: "an edited manifest",
    script:
      `local m = manifest.get("S/test/repo:v2") m.Annotations.foo = "bar" local n = m:export()
print(n.annotations.foo, n:descriptor().digest, n:descriptor().size) n:put("S/test/repo:v4") print(tostring(n))`,
  },
  {
    about: "an edited config",
    script:
      `local c = image.config("S/test/repo:v2") c.Config.Labels.x = "y" c.Config.Cmd = {"a", "b"} local d = c:export()
print(d.Config.Labels.x, #d.Config.Cmd, blob.put("S/test/repo", d)) print(tostring(d))`,
  },
  {
    about: "bad arguments",
    script:
      `print(pcall(log, nil)) print(pcall(tag.ls, 5)) local ok, e = pcall(function() tag.ls("S/test/repo", nil) end) print(e)
print(pcall(blob.put, "S/test/repo", {})) print(pcall(repo.ls, reference.new("a")))`,
  },
  {
    about: "two arguments too many",
    script:
      `local r = reference.new("S/a:b") print(r:tag("x", "y"), r) print(type(r), getmetatable(r) == reference, r.nothing)`,
  },
  {
    about: "args of verbosity",
    flags: ["-v", "debug"],
    script:
      `tag.ls("S/test/repo", {limit = 2}) manifest.get("S/test/repo:v2") manifest.head("S/test/repo:v2") image.config("S/test/repo:v2")`,
  },
];

for (const { about, script, flags = [], fails = false } of CASES) {
  peerTest(
    `regbot once: ${about}, as upstream has it`,
    ["regbot"],
    async () => {
      const results = [];
      for (const tool of ["upstream", "ours"]) {
        await using bench = await botBench();
        const text = script.replaceAll("HOST", bench.host);
        const yaml = `scripts:\n  - name: test\n    script: |\n${
          text.replace(/^/gm, "      ")
        }\n`;
        const words = ["once", ...flags];
        let result;
        if (tool === "ours") result = await bench.run(words, yaml);
        else {
          const file = `${bench.dir}/upstream.yml`;
          const creds = `creds: [{registry: "${bench.host}", tls: disabled}]\n`;
          await Deno.writeTextFile(file, creds + bench.fill(yaml));
          const { code, stdout, stderr } = await run(peer("regbot"), [
            ...words,
            "-c",
            file,
          ], {
            cwd: bench.dir,
            env: { HOME: bench.dir },
          });
          const lines = stderr.replaceAll(bench.host, "S").split("\n");
          result = {
            exit: code,
            stdout,
            log: lines.filter((l) => l.startsWith("time=")).map((l) =>
              l.replace(/^time=\S+ /, "")
            ),
            rest: lines.filter((l) => !l.startsWith("time=")).join("\n"),
          };
        }
        const { exit, stdout, log, rest } = result;
        results.push({
          exit,
          stdout: stdout.replaceAll(bench.host, "S"),
          // Only what scripts cause: the library's own records are its affair.
          log: log.filter((line) => line.includes("script=test")),
          rest,
          changed: bench.S.take().filter((r) =>
            /^(PUT|DELETE) .*\/manifests\//.test(r)
          ).sort(),
        });
      }
      deepStrictEqual(results[1], results[0]);
      strictEqual(results[0]?.exit, fails ? 1 : 0);
    },
  );
}

Deno.test("a thousand scripts in a row leave nothing behind", async () => {
  const rows = await runWithGc("regbot_thousand.ts");
  strictEqual(rows.length, 4);
  const [[heap = 0, rss = 0] = [], , , [lateHeap = NaN, lateRss = NaN] = []] =
    rows;
  ok(lateHeap - heap < 500_000, `the heap grew from ${heap} to ${lateHeap}`);
  // The Worker's heap too, which is collected when it likes.
  ok(lateRss - rss < 100_000_000, `it grew from ${rss} to ${lateRss}`);
});
