/** Mistakes that people make: each is told with the thing, the place and a way on. */
import {
  deepStrictEqual,
  notStrictEqual,
  ok,
  strictEqual,
} from "node:assert/strict";
import { multiPlatform } from "../../support/images.ts";
import { blocksOf } from "../../support/pages.ts";
import type { StartRegistryOptions } from "../../support/registry.ts";
import { type Bench, bench } from "../../support/regctl.ts";

interface Mistake {
  /** What people do. */
  readonly name: string;
  /** The words after `regctl`; HOST and DIR are filled in. */
  readonly line: string;
  /** What is said: HOST and DIR stand for what they are. */
  readonly says: string;
  /** The registry it happens with. */
  readonly registry?: StartRegistryOptions;
  /** Variables to set. */
  readonly env?: (b: Bench) => Readonly<Record<string, string>>;
  /** Done before. */
  readonly before?: (b: Bench) => Promise<unknown>;
  /** The hint's command, run as it stands there, mends it. */
  readonly mends?: "hint";
  /** A command that the hint describes, which mends it. */
  readonly fix?: string;
  /** Words for the standard input of the fix. */
  readonly stdin?: string;
  /** After the fix the same command works. @default {true} */
  readonly again?: boolean;
}

const multi = await multiPlatform(2);
const LAYER = multi.blobs[0]!.descriptor.digest;
const CHILD = multi.manifests[0]!.descriptor.digest;
const NO_BLOB = `sha256:${"0".repeat(64)}`;
const HUB = "docker.io";
const errors = (code: string, message: string) =>
  JSON.stringify({ errors: [{ code, message }] });

/** Lets a name lead to the registry on the loopback. */
async function named(b: Bench, name: string): Promise<void> {
  const config = JSON.parse(await Deno.readTextFile(b.configPath));
  config.hosts[name] = { tls: "disabled", hostname: b.host };
  await Deno.writeTextFile(b.configPath, JSON.stringify(config));
}

async function filled(b: Bench): Promise<void> {
  await b.ok(["image", "copy", await b.layout(multi), `${b.host}/team/app:v1`]);
}

const MISTAKES: readonly Mistake[] = [
  {
    name: "an image on a registry that speaks plain HTTP",
    line: "tag ls HOST/team/app",
    says:
      `error: Cannot list tags of "HOST/team/app": Cannot reach "https://HOST": client error (Connect): received corrupt message of type InvalidContentType: http: server gave HTTP response to HTTPS client
hint: it speaks plain HTTP: run \`regctl registry set --tls disabled HOST\`
`,
    before: async (b) => {
      await filled(b);
      await Deno.writeTextFile(b.configPath, "{}");
    },
    mends: "hint",
  },
  {
    name: "a tag that is not there",
    line: "manifest get HOST/team/app:v9",
    says:
      `error: Cannot get manifest "HOST/team/app:v9": not found [http 404]: MANIFEST_UNKNOWN "The manifest is unknown"
hint: list the tags there: \`regctl tag ls HOST/team/app\`
`,
    before: filled,
    mends: "hint",
    again: false,
  },
  {
    name: "a repository that is not there",
    line: "tag ls HOST/team/ap",
    says:
      `error: Cannot list tags of "HOST/team/ap": not found [http 404]: NAME_UNKNOWN "The repository is unknown"
hint: check the name; where the registry lists them: \`regctl repo ls HOST\`
`,
    before: filled,
    mends: "hint",
    again: false,
  },
  {
    name: "a copy from a tag that is not there",
    line: "image copy HOST/team/app:v9 HOST/team/other:v9",
    says:
      `error: Cannot get manifest "HOST/team/app:v9": not found [http 404]: MANIFEST_UNKNOWN "The manifest is unknown"
hint: list the tags there: \`regctl tag ls HOST/team/app\`
`,
    before: filled,
    mends: "hint",
    again: false,
  },
  {
    name: "a platform that an image does not have",
    line: "image inspect --platform linux/s390x HOST/team/app:v1",
    says: `error: platform not found: linux/s390x
hint: see what there is: \`regctl manifest get HOST/team/app:v1\`
`,
    before: filled,
    mends: "hint",
    again: false,
  },
  {
    name: "a registry that does not run",
    line: "tag ls --retries 1 127.0.0.1:59/team/app",
    says:
      `error: Cannot list tags of "127.0.0.1:59/team/app": Cannot reach "https://127.0.0.1:59": client error (Connect): tcp connect error: Connection refused (os error 111)
hint: check that it runs, and its port: \`regctl registry ping 127.0.0.1:59\`
`,
  },
  {
    name: "a base that is not there",
    line: "image check-base HOST/team/app:v1 --base HOST/team/base:v1",
    says:
      `error: platform linux/amd64 mismatch: Cannot get manifest "HOST/team/base:v1": not found [http 404]: MANIFEST_UNKNOWN "The manifest is unknown"
hint: list the tags there: \`regctl tag ls HOST/team/base\`
`,
    before: async (b) => {
      await filled(b);
      await b.ok(["image", "copy", `${b.host}/team/app:v1`].concat(
        `${b.host}/team/base:v2`,
      ));
    },
    mends: "hint",
    again: false,
  },
  {
    name: "a file that is in no layer",
    line: "image get-file HOST/team/app:v1 /etc/nothing",
    says: `error: Cannot find "/etc/nothing" in the image: not found
`,
    before: filled,
  },
  {
    name: "the repositories of a layout",
    line: "repo ls ocidir://DIR/layout0",
    says:
      `error: Cannot list repositories of "ocidir://DIR/layout0": a layout is one repository
hint: list its tags: \`regctl tag ls ocidir://DIR/layout0\`
`,
    before: filled,
    mends: "hint",
    again: false,
  },
  {
    name: "some platforms of an index for a registry that wants all",
    line:
      "image copy HOST/team/app:v1 HOST/team/some:v1 --platforms linux/amd64",
    says:
      `error: Cannot put manifest "HOST/team/some:v1": unexpected http status code: Bad Request [http 400]: MANIFEST_BLOB_UNKNOWN "The manifest refers to content that is not there"
hint: the registry takes no index whose images are missing: add --rewrite-index
`,
    before: filled,
    fix:
      "image copy HOST/team/app:v1 HOST/team/some:v1 --platforms linux/amd64 --rewrite-index",
    again: false,
  },
  {
    name: "a command with a letter wrong",
    line: "image inspct HOST/team/app:v1",
    says: `error: unknown command "inspct" for "regctl image"
hint: did you mean inspect? see \`regctl image --help\`
`,
  },
  {
    name: "a group without its command's name right",
    line: "tags ls HOST/team/app",
    says: `error: unknown command "tags" for "regctl"
hint: did you mean tag? see \`regctl --help\`
`,
  },
  {
    name: "a flag that does not exist",
    line: "tag ls --filter v1 HOST/team/app",
    says: `error: unknown flag: --filter
hint: see \`regctl tag ls --help\`
`,
  },
  {
    name: "a flag without its value",
    line: "manifest get HOST/team/app:v1 --platform",
    says: `error: flag needs an argument: --platform
`,
  },
  {
    name: "a target that was forgotten",
    line: "image copy HOST/team/app:v1",
    says: `error: accepts 2 arg(s), received 1
hint: usage: regctl image copy <source> <target> [flags]
`,
  },
  {
    name: "an unknown flag alone",
    line: "--bogus",
    says: `error: unknown flag: --bogus
hint: see \`regctl --help\`
`,
  },
  {
    name: "upper case in a repository",
    line: "tag ls HOST/Team/App",
    says: `error: invalid reference "HOST/Team/App", repo must be lowercase
hint: repositories are in lower case: HOST/team/app
`,
    before: filled,
    fix: "tag ls HOST/team/app",
    again: false,
  },
  {
    name: "the prefix of another tool",
    line: "image digest docker://HOST/team/app:v1",
    says:
      `error: invalid reference, unknown scheme "docker" in "docker://HOST/team/app:v1"
hint: name it without "docker://"; whether TLS is used is a setting: \`regctl registry set --help\`
`,
    before: filled,
    fix: "image digest HOST/team/app:v1",
    again: false,
  },
  {
    name: "the prefix of skopeo for layouts",
    line: "tag ls oci://DIR/layout0",
    says: `error: invalid reference, unknown scheme "oci" in "oci://DIR/layout0"
hint: a layout on disk is named ocidir://PATH:TAG
`,
    before: filled,
    fix: "tag ls ocidir://DIR/layout0",
    again: false,
  },
  {
    name: "a web address",
    line: "tag ls https://HOST/team/app",
    says:
      `error: invalid reference, unknown scheme "https" in "https://HOST/team/app"
hint: name it without "https://"; whether TLS is used is a setting: \`regctl registry set --help\`
`,
  },
  {
    name: "a digest that was cut",
    line: "image digest HOST/team/app@sha256:abc",
    says: `error: invalid reference "HOST/team/app@sha256:abc"
hint: a reference is [REGISTRY/]REPOSITORY[:TAG][@DIGEST], such as registry.example.org/team/app:v1, or ocidir://PATH[:TAG]
`,
  },
  {
    name: "a reference with a space",
    line: "image digest 'HOST/team app'",
    says: `error: invalid reference "HOST/team app"
hint: a reference is [REGISTRY/]REPOSITORY[:TAG][@DIGEST], such as registry.example.org/team/app:v1, or ocidir://PATH[:TAG]
`,
  },
  {
    name: "deleting by a tag",
    line: "manifest delete HOST/team/app:v1",
    says: `error: digest required to delete manifest, reference HOST/team/app:v1
hint: to delete what the tag points at now, other tags of it too: \`regctl manifest delete --force-tag-dereference HOST/team/app:v1\`; the tag alone: \`regctl tag delete HOST/team/app:v1\`
`,
    before: filled,
    mends: "hint",
    again: false,
  },
  {
    name: "deleting where the registry does not allow it",
    line: "tag delete HOST/team/app:v1",
    says:
      `error: Cannot delete tag "HOST/team/app:v1": failed deleting dummy manifest DIGEST: Cannot delete manifest "HOST/team/app@DIGEST": unexpected http status code: Method Not Allowed [http 405]
hint: the registry does not allow deletes; CNCF distribution does with \`storage.delete.enabled: true\`, others on their web pages
`,
    registry: { features: { deletes: false } },
    before: filled,
  },
  {
    name: "no login where one is needed",
    line: "tag ls HOST/team/app",
    says:
      `error: Cannot get a token from "http://HOST/token?client_id=regkit/regctl+%28v0.1.0%29&scope=repository:team/app:pull&service=test": unauthorized [http 401]
hint: run \`regctl registry login HOST\`
`,
    registry: { token: { credentials: { user: "me", password: "pw" } } },
    fix: "registry login HOST -u me -p pw",
    again: false,
  },
  {
    name: "a wrong password",
    line: "registry login HOST -u me -p wrong",
    says: `The password is stored as plain text in DIR/config.json
level=WARN msg="Failed to ping registry, credentials were still stored"
error: failed to ping registry HOST: Cannot get a token from "http://HOST/token?account=me&client_id=regkit/regctl+%28v0.1.0%29&service=test": unauthorized [http 401]
hint: the registry refused this user or password; what was stored can be replaced by another login
`,
    registry: { token: { credentials: { user: "me", password: "pw" } } },
    fix: "registry login HOST -u me -p pw",
    again: false,
  },
  {
    name: "a push that the login may not do",
    line: "image copy ocidir://DIR/layout0:v1 HOST/team/app:v1",
    says:
      `error: Cannot push blob DIGEST to "HOST/team/app": unauthorized [http 403]: DENIED "requested access to the resource is denied"
hint: the login may not do that to HOST/team/app, or its project does not exist; see \`regctl registry whoami HOST\`, or log in as another: \`regctl registry login HOST\`
`,
    registry: {
      faults: [{
        method: "POST",
        status: 403,
        body: errors("DENIED", "requested access to the resource is denied"),
      }],
    },
    before: async (b) => await b.layout(multi),
  },
  {
    name: "a repository on ECR that was not made",
    line:
      "image copy ocidir://DIR/layout0:v1 1.dkr.ecr.us-east-1.amazonaws.com/team/app:v1",
    says:
      `error: Cannot push blob DIGEST to "1.dkr.ecr.us-east-1.amazonaws.com/team/app": not found [http 404]: NAME_UNKNOWN "The repository with name 'team/app' does not exist"
hint: there the repository has to exist first: \`aws ecr create-repository --repository-name team/app\`
`,
    registry: {
      faults: [{
        method: "POST",
        status: 404,
        body: errors(
          "NAME_UNKNOWN",
          "The repository with name 'team/app' does not exist",
        ),
      }],
    },
    before: async (b) => {
      await b.layout(multi);
      await named(b, "1.dkr.ecr.us-east-1.amazonaws.com");
    },
  },
  {
    name: "a listing of Docker Hub",
    line: "repo ls docker.io",
    says:
      `error: Cannot list repositories of "docker.io": unauthorized [http 401]: UNAUTHORIZED "authentication required"
hint: Docker Hub does not list repositories over this interface; \`regctl tag ls docker.io/library/alpine\` lists the tags of one
`,
    registry: {
      faults: [{
        path: /_catalog/,
        status: 401,
        body: errors("UNAUTHORIZED", "authentication required"),
      }],
    },
    before: (b) => named(b, HUB),
  },
  {
    name: "a listing that a registry keeps to itself",
    line: "repo ls HOST",
    says:
      `error: Cannot list repositories of "HOST": unauthorized [http 403]: DENIED "access denied"
hint: many registries do not list repositories, or only to administrators; \`regctl tag ls\` lists the tags of one
`,
    registry: {
      faults: [{
        path: /_catalog/,
        status: 403,
        body: errors("DENIED", "access denied"),
      }],
    },
  },
  {
    name: "a pull limit that is used up",
    line: "manifest get docker.io/library/alpine:3 --retries 0",
    says:
      `error: Cannot get manifest "docker.io/library/alpine:3": rate limit exceeded [http 429]: TOOMANYREQUESTS "You have reached your pull rate limit"
hint: 0 of 100 requests are left; the account's limit is used up: \`regctl image ratelimit docker.io/library/alpine:3\` shows it; a login may have more: \`regctl registry login docker.io\`
`,
    registry: {
      faults: [{
        path: /manifests/,
        status: 429,
        headers: {
          "ratelimit-limit": "100;w=21600",
          "ratelimit-remaining": "0;w=21600",
        },
        body: errors(
          "TOOMANYREQUESTS",
          "You have reached your pull rate limit",
        ),
      }],
    },
    before: (b) => named(b, HUB),
  },
  {
    name: "a registry that asks for an hour of patience",
    line: "manifest get docker.io/library/alpine:3",
    says:
      `error: Cannot get manifest "docker.io/library/alpine:3": rate limit exceeded [http 429]: TOOMANYREQUESTS "Slow down"
hint: try again in 3600 seconds; the account's limit is used up: \`regctl image ratelimit docker.io/library/alpine:3\` shows it; a login may have more: \`regctl registry login docker.io\`
`,
    registry: {
      faults: [{
        path: /manifests/,
        status: 429,
        headers: { "retry-after": "3600" },
        body: errors("TOOMANYREQUESTS", "Slow down"),
      }],
    },
    before: (b) => named(b, HUB),
  },
  {
    name: "a proxy that answers itself",
    line: "tag ls HOST/team/app",
    says: `error: Cannot list tags of "HOST/team/app": unauthorized [http 403]
hint: a proxy answered (1.1 proxy.example.com): let it pass HOST, or set NO_PROXY=HOST
`,
    registry: {
      faults: [{
        path: /tags/,
        status: 403,
        headers: { via: "1.1 proxy.example.com" },
        body: "<html>Forbidden</html>",
      }],
    },
  },
  {
    name: "a proxy that does not lead there",
    line: "tag ls registry.example.org/team/app --retries 0",
    says:
      `error: Cannot list tags of "registry.example.org/team/app": Cannot reach "https://registry.example.org": client error (Connect): unsuccessful tunnel
hint: the proxy does not lead there: check HTTPS_PROXY and its login, or go around it: NO_PROXY=registry.example.org
`,
    // A registry knows no CONNECT.
    env: (b) => ({ HTTPS_PROXY: b.registry.url }),
  },
  {
    name: "a repository that is not on Docker Hub",
    line: "tag ls docker.io/library/alpin",
    says:
      `error: Cannot list tags of "docker.io/library/alpin": not found [http 404]: NAME_UNKNOWN "The repository is unknown"
hint: check the name; a private repository needs a login: \`regctl registry login docker.io\`
`,
    before: (b) => named(b, HUB),
  },
  {
    name: "settings that are broken",
    line: "registry config",
    says: `error: DIR/config.json:2:13: unexpected "," in JSON
hint: mend the file, or name another one by the variable REGCTL_CONFIG
`,
    before: (b) => Deno.writeTextFile(b.configPath, '{\n  "hosts": {,}\n}'),
  },
  {
    name: "a blob that is not there",
    line: `blob get HOST/team/app ${NO_BLOB}`,
    says:
      `error: Cannot get blob DIGEST from "HOST/team/app": not found [http 404]: BLOB_UNKNOWN "The blob is unknown to the registry"
hint: check the digest; the manifest of an image lists its blobs: \`regctl manifest get HOST/team/app:latest\`
`,
    before: filled,
  },
  {
    name: "an image that lacks a blob",
    line: "image copy HOST/team/app:v1 ocidir://DIR/out:v1",
    says:
      `error: Cannot get blob DIGEST from "HOST/team/app": not found [http 404]: BLOB_UNKNOWN "The blob is unknown to the registry"
hint: the image is not whole there: push it again, or copy it from where it is whole
`,
    before: async (b) => {
      await filled(b);
      await b.ok(["blob", "delete", `${b.host}/team/app`, LAYER]);
    },
  },
  {
    name: "an image that lacks one of its manifests",
    line: "image copy HOST/team/app:v1 ocidir://DIR/out:v1",
    says:
      `error: Cannot get manifest "HOST/team/app@DIGEST": not found [http 404]: MANIFEST_UNKNOWN "The manifest is unknown"
hint: the image is not whole there: push it again, or copy it from where it is whole
`,
    before: async (b) => {
      await filled(b);
      await b.ok(["manifest", "delete", `${b.host}/team/app@${CHILD}`]);
    },
  },
  {
    name: "a layout that is not there",
    line: "tag ls ocidir://DIR/nowhere",
    says:
      `error: Cannot open ocidir://DIR/nowhere: no "oci-layout" is there: not found
hint: check the path; a copy makes a layout: \`regctl image copy IMAGE ocidir://DIR/nowhere\`
`,
  },
  {
    name: "a tag of a layout that is not there",
    line: "image digest ocidir://DIR/layout0:v9",
    says: `error: Cannot find ocidir://DIR/layout0:v9: not found
hint: list what is there: \`regctl tag ls ocidir://DIR/layout0\`
`,
    before: (b) => b.layout(multi),
    mends: "hint",
    again: false,
  },
  {
    name: "a regular expression that is none",
    line: "tag ls HOST/team/app --include '('",
    says:
      `error: invalid allow pattern "(": error parsing regexp: missing closing ): \`(\`
`,
  },
  {
    name: "a template that names no field",
    line: "tag ls HOST/team/app --format '{{.Bogus}}'",
    says:
      `error: template: out:1:2: executing "out" at <.Bogus>: can't evaluate field Bogus in type *tag.List
`,
    before: filled,
  },
  {
    name: "a TLS word that does not exist",
    line: "registry set HOST --tls off",
    says: `error: unknown TLS value "off"
hint: use enabled, insecure or disabled
`,
  },
  {
    name: "a registry's name with a path",
    line: "registry set HOST/team --skip-check",
    says: `error: invalid registry name provided: HOST/team
hint: name the registry alone: HOST
`,
  },
  {
    name: "a blob by a digest of another kind",
    line: "blob get HOST/team/app md5:abc",
    says: `error: Cannot use digest "md5:abc": unsupported digest algorithm
hint: a digest is sha256: and 64 hexadecimal digits; \`regctl image digest REF\` prints it
`,
    before: filled,
  },
];

function fill(text: string, b: Bench): string {
  return text.replaceAll("HOST", b.host).replaceAll("DIR", b.dir);
}

function emptied(text: string, b: Bench): string {
  return text.replaceAll(b.host, "HOST").replaceAll(b.dir, "DIR")
    .replace(/^time=\S+ /gm, "").replace(/sha256:[0-9a-f]{64}/g, "DIGEST");
}

/** Words as a shell reads them; nothing is run. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)]
    .map(([, single, double, bare]) => single ?? double ?? bare ?? "");
}

for (const mistake of MISTAKES) {
  Deno.test(`mistake: ${mistake.name}`, async () => {
    await using b = await bench(mistake.registry);
    await mistake.before?.(b);
    const line = words(fill(mistake.line, b));
    const first = await b.run(line, { env: mistake.env?.(b) ?? {} });
    strictEqual(emptied(first.stderr, b), mistake.says);
    notStrictEqual(first.exit, 0);
    const [, command] = /`regctl ([^`]*)`/.exec(first.stderr) ?? [];
    const fix = mistake.mends ? command : mistake.fix;
    if (fix === undefined) return;
    const { stdin = "" } = mistake;
    const mended = await b.run(words(fill(fix, b)), { stdin });
    strictEqual(mended.exit, 0, mended.stderr);
    if (mistake.again === false) return;
    const again = await b.run(line);
    deepStrictEqual([again.exit, again.stderr], [0, ""]);
  });
}

/** A message as docs/troubleshooting.md has it. */
function documented(says: string): string {
  return says.replaceAll("HOST", "registry.example.org")
    .replaceAll("DIR/config.json", "/home/you/.regctl/config.json")
    .replaceAll("DIR/", "").replaceAll("DIGEST", "sha256:…");
}

Deno.test("docs/troubleshooting.md shows messages as they are printed here", () => {
  const printed = new Set(MISTAKES.map(({ says }) => documented(says)));
  const shown = blocksOf("docs/troubleshooting.md")
    .filter(({ marks }) => marks.includes("message"));
  ok(shown.length >= 30);
  const stale = shown.filter(({ text }) => !printed.has(text))
    .map(({ line, text }) => `${line}: ${text}`);
  deepStrictEqual(stale, []);
});
