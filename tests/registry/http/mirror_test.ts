import { deepStrictEqual, rejects } from "node:assert/strict";
import { RegError } from "../../../src/base/errors.ts";
import type { RegistryRequest } from "../../../src/registry/core.ts";
import { Health } from "../../../src/registry/http/health.ts";
import { mirror } from "../../../src/registry/http/mirror.ts";
import { readError } from "../../../src/registry/http/response_error.ts";
import { answer, hosts, request } from "../../support/transport.ts";

const TABLE = hosts(
  { name: "registry.example", mirrors: ["m1", "m2"] },
  { name: "m1", priority: 5 },
  { name: "m2", hostname: "m2.example" },
);

async function tried(
  failing: Readonly<Record<string, Error>>,
  options: { readonly request?: RegistryRequest; readonly health?: Health } =
    {},
) {
  const asked: string[] = [];
  const layer = mirror({
    hosts: TABLE,
    health: options.health ?? new Health(),
  });
  const outcome = await layer((r) => {
    asked.push(`${r.registry} ${r.path}`);
    const error = failing[r.registry];
    return error ? Promise.reject(error) : Promise.resolve(answer());
  })(options.request ?? request()).then(() => "ok", (e: Error) => e.message);
  return { asked, outcome };
}

const down = new RegError("network", "down");

Deno.test("mirror() tries the lowest priority first and the registry after its equals", async () => {
  const { asked } = await tried({ m2: down, "registry.example": down });
  deepStrictEqual(asked, [
    "m2 manifests/v1?ns=registry.example",
    "registry.example manifests/v1",
    "m1 manifests/v1?ns=registry.example",
  ]);
});

Deno.test("mirror() goes on after any failure and reports the registry's own", async () => {
  const missing = await readError("GET", answer("", { status: 404 }));
  const { outcome, asked } = await tried({
    m1: down,
    m2: await readError("GET", answer("", { status: 403 })),
    "registry.example": missing,
  });
  deepStrictEqual([outcome, asked.length], [missing.message, 3]);
});

Deno.test("mirror() sends writes, lists of the registry and given addresses to it alone", async () => {
  for (
    const only of [
      request({ method: "PUT" }),
      request({ kind: "upload", method: "POST" }),
      request({ repository: undefined, path: "_catalog" }),
      request({ path: "https://registry.example/v2/next" }),
      request({ direct: true }),
    ]
  ) {
    const { asked } = await tried({}, { request: only });
    deepStrictEqual(asked, [`registry.example ${only.path}`]);
  }
});

Deno.test("mirror() tries a host last that failed lately", async () => {
  const health = new Health(() => 0);
  await tried({ m2: down }, { health });
  const { asked } = await tried({}, { health });
  deepStrictEqual(asked, ["registry.example manifests/v1"]);
});

Deno.test("mirror() stops at an abort", async () => {
  const controller = new AbortController();
  let sent = 0;
  const layer = mirror({ hosts: TABLE, health: new Health() });
  await rejects(
    layer(() => {
      sent++;
      controller.abort(new Error("stop"));
      return Promise.reject(down);
    })(request({ signal: controller.signal })),
    /stop/,
  );
  deepStrictEqual(sent, 1);
});
