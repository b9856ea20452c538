/** The interface as scripts use it, against the embedded registry. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Semaphore } from "../../../src/base/semaphore.ts";
import { sleep } from "../../../src/base/sleep.ts";
import {
  artifact,
  image,
  multiPlatform,
  PLATFORMS,
  pushGraph,
} from "../../support/images.ts";
import { startRegistry, type TestRegistry } from "../../support/registry.ts";
import { tempDir } from "../../support/temp.ts";
import { printedBy, runApi } from "./run.ts";

const labels = { version: "1" };

/** A registry with `test/repo`: v1 is an index, v2 and v3 are one image. */
async function fixture(): Promise<TestRegistry & AsyncDisposable> {
  const registry = startRegistry();
  await pushGraph(
    registry.url,
    "test/repo",
    await multiPlatform(2, { labels }),
    ["v1"],
  );
  const single = await image({
    seed: 7,
    labels: { version: "2" },
    annotations: { a: "1" },
  });
  await pushGraph(registry.url, "test/repo", single, ["v2", "v3"]);
  registry.take();
  return Object.assign(registry, {
    [Symbol.asyncDispose]: () => registry.stop(),
  });
}

const hostOf = (registry: TestRegistry) => new URL(registry.url).host;

Deno.test("the interface's globals are those that are documented", async () => {
  const { printed } = await runApi(
    `for name in pairs(_G) do if not name:find("^[%a_]+$") then print(name) end end
     print(repo, args, json, semver)`,
  );
  match(printed, /^table: \S+\tnil\tnil\tnil\n$/);
});

Deno.test("log() takes strings and numbers alone", async () => {
  const { log, printed } = await runApi(
    `log "hello" log(5) print(pcall(log, nil)) print(pcall(log, {}))`,
  );
  deepStrictEqual(log, [
    "User script message message=hello",
    "User script message message=5",
  ]);
  strictEqual(
    printed,
    "false\t<string>:1: bad argument #1 to (anonymous) (string expected, got nil)\n" +
      "false\t<string>:1: bad argument #1 to (anonymous) (string expected, got table)\n",
  );
});

Deno.test("references are read and changed, each for itself", async () => {
  strictEqual(
    await printedBy(`local r = reference.new("S/test/repo:v1") r:tag("v2")
      print(r, r:tag(), r:digest() == "")
      local d = "sha256:" .. ("0"):rep(64) r:digest(d) print(r:tag() == "", r:digest() == d)
      local copy = reference.new(r) copy:tag("x") print(copy:tag(), r:tag())
      r:tag(5) print(r, r:tag(1, 2)) r:close() reference.close("busybox")
      print(reference.new("busybox"), pcall(reference.new, "BAD REF"))
      print(pcall(reference.new, {}))
      reference.__index.repo = function(r) return tostring(r):match("^[^/]+/(.-):") end
      print(r:repo(), getmetatable(r) == reference)`),
    "S/test/repo:v2\tv2\ttrue\ntrue\ttrue\nx\t\nS/test/repo:5\t5\n" +
      `docker.io/library/busybox:latest\tfalse\t<string>:6: bad argument #1 to (anonymous) (reference parsing failed: invalid reference "BAD REF")\n` +
      "false\t<string>:7: bad argument #1 to (anonymous) (reference expected)\ntest/repo\ttrue\n",
  );
});

Deno.test("repositories and tags are listed", async () => {
  await using registry = await fixture();
  const host = hostOf(registry);
  await pushGraph(registry.url, "test/other", await image(), ["x"]);
  const { printed, log } = await runApi(
    `print(table.concat(repo.ls("${host}"), " "))
     print(table.concat(repo.ls("${host}", {limit = 1}), " "))
     print(table.concat(repo.ls("${host}", {limit = 1, all = true}), " "))
     print(table.concat(tag.ls("S/test/repo"), " "), table.concat(tag.ls("S/test/repo", {limit = 2, last = "v1"}), " "))
     print(pcall(tag.ls, "S/nope")) print(pcall(tag.ls, "S/test/repo", nil)) print(pcall(repo.ls, reference.new("S/a")))`,
    { registry: host },
  );
  const lines = printed.split("\n");
  deepStrictEqual(lines.slice(0, 3), [
    "test/other test/repo",
    "test/other",
    "test/other test/repo",
  ]);
  match(lines[3] ?? "", /^v1 v2 v3\tv2 v3$/);
  match(
    lines[4] ?? "",
    /^false\t<string>:5: Failed retrieving tag list: .*\[http 404\]|not found/,
  );
  match(lines[5] ?? "", /table expected, got nil/);
  match(lines[6] ?? "", /Expected registry name \(host and optional port\)/);
  ok(
    log.includes("Listing tags repo=S/test/repo:latest opts={Limit:2 Last:v1}"),
    log.join("\n"),
  );
});

Deno.test("manifests and configs show their fields under both names", async () => {
  await using registry = await fixture();
  const { printed, log } = await runApi(
    `local m = manifest.get("S/test/repo:v1", "linux/arm64") local c = image.config(m)
     print(c.Config.Labels.version, c.Platform.architecture, #m.layers, m.layers[1].Digest == m.Layers[1].digest)
     print(c.architecture, c.os, c.created, c.author, #c.history, c.rootfs.diff_ids[1] == c.RootFS.DiffIDs[1], c.config == c.Config)
     print(m.schemaVersion, m.Versioned.schemaVersion, m.mediaType, m.config.mediaType, m:config().Config.User)
     local l = manifest.getList("S/test/repo:v1") print(#l.manifests, l.manifests[2].platform.variant, l.manifests[1].Platform.OS, l.layers)
     local h = manifest.head("S/test/repo:v1") print(h.Index ~= nil, h:descriptor().digest == l:descriptor().digest, h.manifests, h.Index.Versioned.schemaVersion)
     print(h:get("linux/arm64"):descriptor().digest == m:descriptor().digest, tostring(h:head()) == nil)`,
    { registry: hostOf(registry) },
  );
  deepStrictEqual(printed.split("\n").slice(0, 5), [
    "1\tarm64\t2\ttrue",
    "arm64\tlinux\t2026-01-02 03:04:05 +0000 UTC\tsomebody\t2\ttrue\ttrue",
    "2\t2\tapplication/vnd.oci.image.manifest.v1+json\tapplication/vnd.oci.image.config.v1+json\t1000",
    `2\t${PLATFORMS[1]?.variant}\tlinux\tnil`,
    "true\ttrue\tnil\t0",
  ]);
  deepStrictEqual(log.slice(0, 2), [
    "Retrieve manifest image=S/test/repo:v1 list=false platform=linux/arm64",
    "Retrieve image config image=S/test/repo:v1",
  ]);
});

Deno.test("a platform that is not there is an error, one that makes no sense a warning", async () => {
  await using registry = await fixture();
  const { printed, log } = await runApi(
    `print(pcall(manifest.get, "S/test/repo:v1", "linux/s390x")) print(#manifest.get("S/test/repo:v2", "no sense!").layers)`,
    { registry: hostOf(registry) },
  );
  match(
    printed,
    /^false\t<string>:1: Failed retrieving "S\/test\/repo:v1" manifest: platform not found: linux\/s390x\n2\n$/,
  );
  ok(
    log.some((line) =>
      line.startsWith("Could not parse platform platform=no sense!")
    ),
  );
});

Deno.test("what a script changed is exported, and nothing is lost", async () => {
  await using registry = await fixture();
  strictEqual(
    await printedBy(
      `local m = manifest.get("S/test/repo:v2") m.Annotations.foo = "bar"
       local n = m:export() print(n.annotations.foo, n.annotations.a, n:descriptor().digest ~= m:descriptor().digest)
       print(m:export():descriptor().digest == n:descriptor().digest)
       local l = manifest.getList("S/test/repo:v1") table.remove(l.manifests, 1) local k = l:export()
       print(#k.manifests, k.manifests[1].platform.architecture, tostring(l) ~= tostring(k))
       local c = image.config(m) c.Config.Labels.x = "y" c.Config.Cmd = {"a", "b"} c.history[1].CreatedBy = "me"
       local d = c:export() print(d.Config.Labels.x, d.Config.Labels.version, #d.Config.Cmd, d.history[1].created_by, d.created == c.created)
       print(pcall(function() m.mediaType = "x" end))
       n:put("S/test/repo:v4") print(manifest.head("S/test/repo:v4"):descriptor().digest == n:descriptor().digest)`,
      { registry: hostOf(registry) },
    ),
    "bar\t1\ttrue\ntrue\n1\tarm64\ttrue\ny\t2\t2\tme\ttrue\n" +
      "false\t<string>:8: attempt to index a non-table object(userdata) with key 'mediaType'\ntrue\n",
  );
});

Deno.test("images are copied, also some platforms of them into a layout", async () => {
  await using registry = await fixture();
  await using dir = await tempDir();
  const { printed, log } = await runApi(
    `image.copy("S/test/repo:v2", "S/new/repo:a") print(table.concat(tag.ls("S/new/repo"), " "))
     image.copy("S/test/repo:v1", "ocidir://${dir.path}/d:v1", {platforms = {"linux/arm64"}})
     print(#manifest.getList("ocidir://${dir.path}/d:v1").manifests)
     print(pcall(image.copy, "S/none:x", "S/new/repo:b"))`,
    { registry: hostOf(registry), directories: [dir.path] },
  );
  match(
    printed,
    /^a\n1\nfalse\t<string>:4: Failed copying "S\/none:x" to "S\/new\/repo:b": /,
  );
  strictEqual(
    log.filter((line) => /^Copy (layer|config) source=S\/test/.test(line))
      .length,
    2 * 3,
  );
  ok(log.includes(
    "Copy image source=S/test/repo:v2 target=S/new/repo:a digestTags=false forceRecursive=false includeExternal=false dry-run=false",
  ));
});

Deno.test("tags and manifests are deleted", async () => {
  await using registry = await fixture();
  const { printed, log } = await runApi(
    `tag.delete("S/test/repo:v2") print(table.concat(tag.ls("S/test/repo"), " "))
     print(pcall(tag.delete, "S/test/repo@sha256:" .. ("0"):rep(64)))
     manifest.head("S/test/repo:v3"):delete() print(table.concat(tag.ls("S/test/repo"), " "))`,
    { registry: hostOf(registry) },
  );
  match(printed, /^v1 v3\nfalse\t.*tag missing from image reference\nv1\n$/);
  ok(
    log.some((line) =>
      /^Delete manifest image=S\/test\/repo:v3@sha256:\w{64} dry-run=false$/
        .test(line)
    ),
  );
});

Deno.test("blobs are read as often as wanted, put, and moved", async () => {
  await using registry = await fixture();
  strictEqual(
    await printedBy(
      `local m = manifest.get("S/test/repo:v2")
       local b = blob.get("S/test/repo", m.config.digest)
       print(#b:content() == m.config.size, b.size == m.config.size, #b:content() == m.config.size)
       for i = 1, 6 do blob.get("S/test/repo", m.layers[1].digest) end
       local d, n = blob.put("S/other", "bytes\\0\\255") print(n, blob.get("S/other", d):content() == "bytes\\0\\255")
       print(select(2, blob.put("S/other", b)) == m.config.size, b:put("S/third") == m.config.digest)
       print((blob.put("S/other", image.config(m))) == m.config.digest)
       print(pcall(blob.get, "S/other", "sha256:" .. ("0"):rep(64))) print(pcall(blob.put, "S/other", {}))`,
      { registry: hostOf(registry) },
    ).then((text) => text.replace(/blob "sha256.*/, "…")),
    "true\ttrue\ttrue\n7\ttrue\ntrue\ttrue\ntrue\n" +
      `false\t<string>:8: Failed retrieving "S/other:latest" …\n` +
      "false\t<string>:8: bad argument #2 to (anonymous) (blob content expected)\n",
  );
});

Deno.test("referrers are listed", async () => {
  await using registry = await fixture();
  const root = await image({ seed: 9 });
  await pushGraph(registry.url, "app", root, ["v1"]);
  await pushGraph(registry.url, "app", artifact({ subject: root.root }));
  strictEqual(
    await printedBy(
      `local r = referrer.ls("S/app:v1") print(#r, r[1].artifactType)
       print(#referrer.ls("S/app:v1", {artifactType = "none"}))`,
      { registry: hostOf(registry) },
    ),
    "1\tapplication/vnd.example.sbom\n0\n",
  );
});

Deno.test("a dry run changes nothing", async () => {
  await using registry = await fixture();
  await using dir = await tempDir();
  const { outcome, log } = await runApi(
    `image.copy("S/test/repo:v2", "S/new:a") tag.delete("S/test/repo:v2")
     local m = manifest.get("S/test/repo:v2") m:delete() m:put("S/new:b") blob.put("S/new", "text")
     blob.get("S/test/repo", m.config.digest):put("S/new")
     local f = io.open("${dir.path}/file", "w") f:write("text") f:close() os.remove("${dir.path}/kept")`,
    { registry: hostOf(registry), dryRun: true, directories: [dir.path] },
  );
  strictEqual(outcome.type, "done", JSON.stringify(outcome));
  const changing = registry.requests.filter(({ method }) =>
    !["GET", "HEAD"].includes(method)
  );
  deepStrictEqual(changing, []);
  deepStrictEqual([...Deno.readDirSync(dir.path)], []);
  ok(log.includes("Delete tag image=S/test/repo:v2 dry-run=true"));
});

Deno.test("what the lists of a script do not name is refused, with the key that would allow it", async () => {
  await using registry = await fixture();
  const host = hostOf(registry);
  const { printed } = await runApi(
    `print(#tag.ls("S/test/repo"))
     for _, f in ipairs{
       function() tag.ls("S/other/repo") end, function() image.copy("S/test/repo:v2", "S/x:y") end,
       function() tag.delete("S/test/repo:v1") end, function() repo.ls("quay.io") end,
       function() blob.put("S/x", "y") end, function() manifest.put("S/test/repo:v2", "S/x:y") end,
       function() manifest.head("S/test/repo:v1"):delete() end, function() referrer.ls("S/other:x") end,
       function() image.config("S/other:x") end, function() blob.get("S/other", "sha256:x") end,
     } do local ok, e = pcall(f) print(ok, e:match("allow%.%a+")) end
     image.copy("S/test/repo:v2", "S/out/a/b:1") print(#tag.ls("S/out/a/b"))`,
    {
      registry: host,
      allow: {
        read: [`${host}/test/*`, `${host}/out/*`],
        write: [`${host}/out/*`],
        delete: [],
      },
    },
  );
  deepStrictEqual(printed.trim().split("\n"), [
    "3",
    "false\tallow.read",
    "false\tallow.write",
    "false\tallow.delete",
    "false\tallow.read",
    "false\tallow.write",
    "false\tallow.write",
    "false\tallow.delete",
    "false\tallow.read",
    "false\tallow.read",
    "false\tallow.read",
    "1",
  ]);
});

Deno.test("ratelimitWait() tells whether enough is left", async () => {
  await using registry = await fixture();
  registry.faults.push({
    method: "HEAD",
    headers: {
      "RateLimit-Limit": "100;w=21600",
      "RateLimit-Remaining": "76;w=21600",
    },
  });
  const { printed, log } = await runApi(
    `print(image.ratelimitWait("S/test/repo:v2", 76), image.ratelimitWait("S/test/repo:v2", 77, "20ms", "50ms"))
     local r = manifest.head("S/test/repo:v2"):ratelimit() print(r.Set, r.Remain, r.Limit, r.Policies[1])
     print(pcall(image.ratelimitWait, "S/test/repo:v2", 1, "x"))`,
    { registry: hostOf(registry) },
  );
  match(
    printed,
    /^true\tfalse\ntrue\t76\t100\t100;w=21600\nfalse\t.*Failed parsing rate limit frequency x: time: invalid duration "x"\n$/,
  );
  ok(
    log.includes(
      "Delaying for ratelimit image=S/test/repo:v2 current=76 target=77 delay=20000000",
    ),
  );
});

Deno.test("a script that gives up waiting for its turn leaves the others in theirs", async () => {
  await using registry = await fixture();
  const gate = new Semaphore(1);
  const slot = await gate.acquire();
  const copy = (tag: string, signal?: AbortSignal) =>
    runApi(`image.copy("S/test/repo:v2", "S/new:${tag}")`, {
      registry: hostOf(registry),
      gate,
      ...(signal ? { signal } : {}),
    });
  const deadline = new AbortController();
  const patient = copy("c");
  const late = copy("b", deadline.signal);
  while (gate.waiting < 2) await sleep(1);
  deadline.abort(new DOMException("", "TimeoutError"));
  const { outcome } = await late;
  ok("message" in outcome);
  match(
    outcome.message,
    /Failed to acquire throttle: context deadline exceeded/,
  );
  slot[Symbol.dispose]();
  strictEqual((await patient).outcome.type, "done");
});

Deno.test("after the deadline a script can still log, and reach nothing", async () => {
  await using registry = await fixture();
  const deadline = new AbortController();
  const over = Promise.withResolvers<void>();
  registry.faults.push({
    path: /tags/,
    wait: () => {
      deadline.abort(new DOMException("", "TimeoutError"));
      return over.promise;
    },
  });
  const { printed, log, outcome } = await runApi(
    `print(pcall(tag.ls, "S/test/repo")) print(pcall(manifest.head, "S/test/repo:v1")) log("bye")`,
    { registry: hostOf(registry), signal: deadline.signal },
  );
  over.resolve();
  strictEqual(outcome.type, "done");
  match(
    printed,
    /^false\t<string>:1: Failed retrieving tag list: context deadline exceeded\nfalse\t<string>:1: Context error: context deadline exceeded\n$/,
  );
  ok(log.includes("User script message message=bye"));
});

Deno.test("json and semver are modules", async () => {
  strictEqual(
    await printedBy(`local json, semver = require "json", require("semver")
      print(json.encode({b = {1, "x", true}, a = {}, c = 1e15}), json.encode("\\n"), json.encode(nil))
      local t = json.decode('{"list":[1,2,{"k":null}],"n":1.5}') print(#t.list, t.n, t.list[3].k, pcall(json.decode, "{"))
      print(json.encode({1}, true), pcall(json.encode, print)) print(_G.json)
      print(semver.compare("2", "10"), semver.compare("x", "1"), semver.satisfies("3", "2"), table.concat(semver.sort({"10", "9", "x"}), " "))`)
      .then((text) => text.replace(/(Cannot decode JSON: )[^\n]*/, "$1…")),
    `{"a":{},"b":[1,"x",true],"c":1000000000000000}\t"\\n"\tnull\n` +
      "3\t1.5\tnil\tfalse\t<string>:3: Cannot decode JSON: …\n" +
      "[\n  1\n]\tfalse\t<string>:4: Cannot encode functions and objects\nnil\n-1\tnil\ttrue\t9 10\n",
  );
});

Deno.test("image.copy refuses a target whose digest is another's", async () => {
  await using registry = await fixture();
  const { printed } = await runApi(
    `local digest = "@sha256:" .. string.rep("1", 64)
     print(pcall(image.copy, "S/test/repo:v2", "S/new/repo" .. digest))
     print(pcall(tag.ls, "S/new/repo"))`,
    { registry: hostOf(registry) },
  );
  match(printed, /^false\t.* manifest digest mismatch, expected sha256:1+, /);
  match(printed, /\nfalse\t.*NAME_UNKNOWN/);
});
