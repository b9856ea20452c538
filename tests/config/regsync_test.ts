import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { formatProblem } from "../../src/config/decode.ts";
import { loadRegsync } from "../../src/config/regsync.ts";
import { earlyFile } from "../support/regsync.ts";

const load = (text: string, env: Record<string, string> = {}) =>
  loadRegsync(text, {
    file: "f.yml",
    env: (name) => env[name],
    readFile: (path) => {
      if (path === "/var/run/secrets/hub_token") return "geheim\n";
      throw new Error("no such file");
    },
  });

function warnings(text: string): string[] {
  const config = load(text);
  return config.warnings.map((problem) => formatProblem(problem, "f.yml"));
}

function refuses(text: string, ...lines: readonly RegExp[]): void {
  throws(() => load(text), (error: Error & { code?: string }) => {
    strictEqual(error.code, "config");
    const found = error.message.split("\n");
    strictEqual(found.length, lines.length, error.message);
    for (const [i, line] of lines.entries()) {
      strictEqual(line.test(found[i] ?? ""), true, found[i]);
    }
    return true;
  });
}

const STEP = "source: s/r, target: t/r, type: repository";

Deno.test("loadRegsync() reads the file of the early documentation", () => {
  const { creds, sync, warnings } = load(
    `creds:\n${earlyFile()}`,
    { HUB_USER: "me" },
  );
  deepStrictEqual(warnings, []);
  deepStrictEqual(creds[1], {
    registry: "docker.io",
    user: "me",
    pass: "geheim",
  });
  const [busybox, alpine] = sync;
  strictEqual(busybox?.interval, 3_600_000_000_000n);
  strictEqual(busybox.schedule, "");
  deepStrictEqual(busybox.rateLimit, { min: 100, retry: 900_000_000_000n });
  strictEqual(alpine?.schedule, "15 01 * * *");
  strictEqual(alpine.interval, 0n);
  deepStrictEqual(alpine.tags, {
    allow: ["latest", "edge", "3", "3.\\d+"],
    deny: ["3.0"],
  });
});

Deno.test("loadRegsync() gives defaults for nothing, and takes old and missing versions", () => {
  deepStrictEqual(load("").sync, []);
  strictEqual(load("version: 0").version, 1);
  strictEqual(load("version: -3").version, -3);
  strictEqual(load("version: ~").version, 1);
  refuses("version: 2", /^f\.yml:1:10: version: unsupported config version/);
});

Deno.test("loadRegsync() refuses wrong values with file, line, column, key and what is accepted", () => {
  refuses(
    "sync:\n- interval: 60\n  digestTags: maybe\n  tags:\n    allow: latest\ncreds:\n- tls: off\n  credExpire: soon\n",
    /^f\.yml:7:8: creds\[0\]\.tls: unknown TLS value "off"; found "off"; expected one of enabled, insecure, disabled$/,
    /^f\.yml:8:15: creds\[0\]\.credExpire: time: invalid duration "soon"; found "soon"; expected a duration/,
    /^f\.yml:5:12: sync\[0\]\.tags\.allow: found "latest"; expected a list, each item text$/,
    /^f\.yml:2:13: sync\[0\]\.interval: time: missing unit in duration "60"; found "60"; expected a duration such as 90s/,
    /^f\.yml:3:15: sync\[0\]\.digestTags: found "maybe"; expected true or false/,
  );
  refuses("- a", /^f\.yml:1:1: found a list; expected a mapping$/);
  refuses(
    "sync: {a: b}",
    /^f\.yml:1:7: sync: found a mapping; expected a list/,
  );
});

Deno.test("loadRegsync() warns of steps that cannot work, with their place", () => {
  deepStrictEqual(
    warnings(
      `
sync:
- source: s/r:v1
  target: t/r
  type: repositry
- tagz: {}
- ${"{" + STEP}, tags: {allow: ["(a"], deny: ["(?=x)"], semverRange: [">= 1"]}}
- {${STEP}, schedule: "* * * * * *", platform: "linux/%%", fastCopy: yes}
- {${STEP}, tagSets: [{allow: ["a"], denny: []}], schedule: "@reboot"}
- {source: s/r:v1, target: t/r, type: repository, backup: "{{ .Ref.Tag"}
- {source: "S/UP/r", target: "t/r:v1", type: image, tags: {allow: [a]}}
- {source: s/path, target: t, type: registry}
`,
    ).map((line) => line.replace(/; expected .*/, "; …")),
    [
      'f.yml:5:9: sync[0].type: found "repositry"; …',
      'f.yml:6:3: sync[1].tagz: unknown key, ignored; did you mean "tags"?',
      "f.yml:6:3: sync[1]: missing: source, target, type",
      'f.yml:7:63: sync[2].tags.allow[0]: invalid allow pattern "(a": error parsing regexp: missing closing ): `(a`; found "(a"; …',
      'f.yml:7:77: sync[2].tags.deny[0]: invalid deny pattern "(?=x)": error parsing regexp: invalid or unsupported Perl syntax: `(?=`; found "(?=x)"; …',
      'f.yml:7:101: sync[2].tags.semverRange[0]: invalid semver range ">= 1": invalid constraint version: invalid version part 0: ; found ">= 1"; …',
      'f.yml:8:83: sync[3].platform: invalid platform component %% in linux/%%; found "linux/%%"; …',
      'f.yml:8:58: sync[3].schedule: expected exactly 5 fields, found 6: [* * * * * *]; found "* * * * * *"; …',
      'f.yml:9:73: sync[4].tagSets[0].denny: unknown key, ignored; did you mean "deny"?',
      'f.yml:9:96: sync[4].schedule: unrecognized descriptor: @reboot; found "@reboot"; …',
      'f.yml:10:59: sync[5].backup: template: out:1: unclosed action; found "{{ .Ref.Tag"; …',
      "f.yml:11:3: sync[6]: the type image has no use for: tags",
      'f.yml:10:12: sync[5].source: a source of the type repository has no tag and no digest; found "s/r:v1"',
      'f.yml:11:12: sync[6].source: invalid reference "S/UP/r", repo must be lowercase; found "S/UP/r"',
      'f.yml:12:12: sync[7].source: parsing failed "s/path"; found "s/path"',
    ],
  );
});

Deno.test("loadRegsync() takes no port for a tag", () => {
  deepStrictEqual(
    warnings(
      "sync: [{source: 'h:5000/r', target: 'ocidir://a/b', type: repository}]",
    ),
    [],
  );
});

Deno.test("loadRegsync() expands source and targets one after the other", () => {
  const { sync: [step] } = load(
    `
sync:
- source: '{{ env "S" }}/r'
  target: '{{ index (split .Sync.Source "/") 1 }}/{{ .Sync.ReferrerSrc }}'
  referrerSource: '{{ .Sync.Source }}-refs'
  referrerTarget: '{{ .Sync.Target | len }}'
  type: image
  interval: 90m
  backup: "{{ .Ref.Tag }}"
  platform: "{{ literal }}"
`.replace('  platform: "{{ literal }}"\n', ""),
    { S: "host" },
  );
  strictEqual(step?.source, "host/r");
  strictEqual(step.referrerSource, "host/r-refs");
  strictEqual(step.target, "r/host/r-refs");
  strictEqual(step.referrerTarget, "62"); // the target as it was written
  strictEqual(step.backup, "{{ .Ref.Tag }}");
});

Deno.test("loadRegsync() says where a template fails", () => {
  refuses(
    "sync:\n- target: '{{ .Sync.Nope }}'\n",
    /^f\.yml:2:11: sync\[0\]\.target: template: out:1:8: executing "out" at <\.Sync\.Nope>: can't evaluate field Nope in type main\.ConfigSync; found /,
  );
  refuses(
    "creds: [{user: '{{ nope }}'}]",
    /^f\.yml:1:16: creds\[0\]\.user: template: out:1: function "nope" not defined/,
  );
});
