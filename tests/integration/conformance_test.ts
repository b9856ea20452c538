/** The embedded registry against the specification's own conformance suite. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  MemoryStorage,
  openFolder,
  type ServeOptions,
  startServer,
  type Storage,
} from "../../src/serve/mod.ts";
import { peer, peerTest } from "../support/peers.ts";
import { run } from "../support/process.ts";
import { tempDir } from "../support/temp.ts";

/** What the suite says in the end. */
interface Outcome {
  readonly code: number;
  readonly output: string;
  /** How many tests ended how: `Pass`, `FAIL`, `Skip`, `Disabled`, `Error`. */
  readonly counts: Readonly<Record<string, number>>;
}

async function conform(
  storage: Storage,
  options: ServeOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  await using dir = await tempDir();
  await using server = await startServer(storage, options);
  const { code, stdout, stderr } = await run(peer("conformance"), [], {
    cwd: dir.path,
    env: {
      OCI_REGISTRY: server.address,
      OCI_TLS: "disabled",
      OCI_REPO1: "conformance/repo1",
      OCI_REPO2: "conformance/repo2",
      // Above 1.1: cancelled uploads, digest headers and tag parameters.
      OCI_VERSION: "1.1+dev",
      OCI_RESULTS_DIR: dir.path,
      ...env,
    },
  });
  const output = stdout + stderr;
  const counts = [...output.matchAll(
    /^ {2}(Disabled|Skip|Pass|FAIL|Error)\.+: +(\d+)$/gm,
  )].map(([, name = "", count]) => [name, Number(count)]);
  return { code, output, counts: Object.fromEntries(counts) };
}

function passes({ code, output, counts }: Outcome): void {
  match(output, /^OCI Conformance Result: Pass$/m);
  const { Pass = 0, ...others } = counts;
  deepStrictEqual(others, { Disabled: 0, Skip: 0, FAIL: 0, Error: 0 });
  strictEqual(Pass > 900, true, `${Pass} tests passed`);
  strictEqual(code, 0);
}

peerTest("The registry in memory conforms", ["conformance"], async () => {
  const outcome = await conform(new MemoryStorage(), {});
  passes(outcome);
});

peerTest("The registry in a folder conforms", ["conformance"], async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  passes(await conform(storage, {}));
});

peerTest("The registry conforms with manifests whose content is not there", [
  "conformance",
], async () => {
  await using dir = await tempDir();
  await using storage = await openFolder(dir.path);
  const env = { OCI_DATA_SPARSE: "true" };
  passes(await conform(storage, { sparse: true }, env));
});

peerTest("The registry conforms where chunks have a smallest size", [
  "conformance",
], async () => {
  const limits = { minChunk: 2048 };
  passes(await conform(new MemoryStorage(), { limits }));
});

peerTest("The suite notices a registry that does not conform", [
  "conformance",
], async () => {
  const { code, counts } = await conform(new MemoryStorage(), {
    wrap: (registry) => async (request, from) => {
      const response = await registry(request, from);
      response.headers.delete("oci-subject");
      return response;
    },
  });
  strictEqual(code, 1);
  strictEqual((counts["FAIL"] ?? 0) > 0, true);
});
