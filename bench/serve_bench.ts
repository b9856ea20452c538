/**
 * `regctl serve` beside CNCF distribution: a big blob in and out, 1,000
 * manifests over 32 connections, and the memory that it all took.
 */
import { digestOf } from "../src/registry/digest.ts";
import {
  describe,
  describeJson,
  type Made,
  noise,
  pushBlob,
} from "../tests/support/images.ts";
import { start } from "../tests/support/process.ts";
import { program } from "../tests/support/program.ts";
import { startRegistry } from "../tests/support/registries.ts";
import { tempDir } from "../tests/support/temp.ts";
import { report } from "./support.ts";

const BLOB_MIB = 256;
const MANIFESTS = 1000;
const CONNECTIONS = 32;
const TYPE = "application/vnd.oci.image.manifest.v1+json";

const blob = describe(
  "application/octet-stream",
  noise(BLOB_MIB * 1024 * 1024, 1),
);
const empty = describeJson("application/vnd.oci.empty.v1+json", {});
const manifests = Array.from(
  { length: MANIFESTS },
  (_, i) =>
    describeJson(TYPE, {
      schemaVersion: 2,
      mediaType: TYPE,
      artifactType: "application/vnd.example",
      config: empty.descriptor,
      layers: [empty.descriptor],
      annotations: { number: String(i) },
    }),
);

interface Times {
  readonly push: number;
  readonly pull: number;
  readonly manifests: number;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function pull(base: string): Promise<void> {
  const answer = await fetch(`${base}/blobs/${blob.descriptor.digest}`);
  const bytes = await answer.bytes();
  if (digestOf(bytes) !== blob.descriptor.digest) {
    throw new Error("other bytes");
  }
}

/** Pushes all manifests, so many at a time, each under a tag of its own. */
async function pushManifests(base: string): Promise<void> {
  await pushBlob(base, empty);
  const queue = [...manifests.entries()];
  const work = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      await putManifest(`${base}/manifests/t${next[0]}`, next[1]);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

async function putManifest(url: string, { bytes }: Made): Promise<void> {
  const answer = await fetch(url, {
    method: "PUT",
    body: bytes,
    headers: { "content-type": TYPE },
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`${answer.status}: ${text}`);
}

async function measure(url: string): Promise<Times> {
  const base = `${url}/v2/bench/app`;
  return {
    push: await seconds(() => pushBlob(base, blob)),
    pull: await seconds(() => pull(base)),
    manifests: await seconds(() => pushManifests(base)),
  };
}

async function peakMiB(pid: number): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1]) / 1024;
}

await using dir = await tempDir();
const [command, ...words] = program("regctl");
await using server = start(command, [
  ...words,
  "serve",
  dir.path,
  "--addr=127.0.0.1:0",
]);
const [, address] = await server.waitFor(/^Listening on (\S+)$/m);
await using peer = await startRegistry("distribution");

const ours = await measure(`http://${address}`);
const theirs = await measure(peer.url);
for (const name of ["push", "pull", "manifests"] as const) {
  report(`serve-${name}`, { ours: ours[name], peer: theirs[name] }, "s");
}
report(
  "serve-memory",
  {
    ours: await peakMiB(server.pid),
    peer: await peakMiB(peer.process.pid),
  },
  "MiB",
  "<=320MiB",
);
