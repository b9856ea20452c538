import { deepStrictEqual } from "node:assert/strict";
import { Log } from "../../src/base/log.ts";
import { credentials, masked, toHosts } from "../../src/config/creds.ts";
import { decode } from "../../src/config/decode.ts";
import { parseYaml } from "../../src/config/yaml.ts";

function hosts(yaml: string) {
  const messages: string[] = [];
  const log = new Log(0, ({ message }) => messages.push(message));
  const { value } = decode(credentials, parseYaml(yaml));
  return { hosts: toHosts(value, { log }), messages };
}

Deno.test("toHosts() reads every setting of an entry", () => {
  deepStrictEqual(
    hosts(`
- registry: r.example:5000
  tls: Insecure
  hostname: real.example
  user: u
  pass: "007"
  credExpire: 90s
  pathPrefix: mirror
  mirrors: [m.example]
  priority: 2
  repoAuth: true
  apiOpts: {disableHead: true}
  blobMax: -1
  reqPerSec: 1.5
  reqConcurrent: 0
`),
    {
      hosts: [{
        name: "r.example:5000",
        tls: "insecure",
        hostname: "real.example",
        user: "u",
        pass: "007",
        credExpireMs: 90_000,
        pathPrefix: "mirror",
        mirrors: ["m.example"],
        priority: 2,
        repoAuth: true,
        apiOpts: { disableHead: "true" },
        blobMax: -1,
        reqPerSec: 1.5,
      }],
      messages: [],
    },
  );
});

Deno.test("toHosts() knows Docker Hub by all its names, and http by its scheme", () => {
  deepStrictEqual(
    hosts(
      "[{registry: registry-1.docker.io}, {registry: 'https://index.docker.io/v1/'}, {registry: 'http://l:1'}]",
    ).hosts,
    [
      { name: "docker.io" },
      { name: "docker.io" },
      { name: "l:1", tls: "disabled", hostname: "l:1" },
    ],
  );
});

Deno.test("toHosts() warns of a scheme, and obeys http where tls is not set", () => {
  const warning = "Scheme is deprecated, for http set TLS to disabled";
  deepStrictEqual(hosts("[{registry: a, scheme: http}]"), {
    hosts: [{ name: "a", tls: "disabled" }],
    messages: [warning],
  });
  deepStrictEqual(hosts("[{registry: a, scheme: http, tls: enabled}]"), {
    hosts: [{ name: "a", tls: "enabled" }],
    messages: [warning],
  });
});

Deno.test("toHosts() leaves out an entry without a name, and shows no secret", () => {
  const attributes: unknown[] = [];
  const log = new Log(0, (record) => attributes.push(record.attributes));
  const { value } = decode(
    credentials,
    parseYaml("[{user: u, pass: geheim, credExpire: 1h}]"),
  );
  deepStrictEqual(toHosts(value, { log }), []);
  deepStrictEqual(attributes, [{
    entry: '{"user":"u","pass":"***","credExpire":3600000000000}',
  }]);
});

Deno.test("masked() covers what is secret and only that", () => {
  deepStrictEqual(
    masked({ user: "u", pass: "p", token: "t", clientKey: "k", regcert: "c" }),
    { user: "u", pass: "***", token: "***", clientKey: "***", regcert: "c" },
  );
});
