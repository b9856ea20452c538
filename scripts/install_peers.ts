/**
 * Installs what tests and benchmarks run beside ours, in the versions of
 * tests/support/peers.ts: with Go's and Debian's package tools, as root.
 *
 * @module
 */
import { findPeer, type PeerName, PEERS } from "../tests/support/peers.ts";

async function text(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, {
    args,
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

/** Whether an executable that `go install` made is of the wanted version. */
async function isVersion(path: string, version: string): Promise<boolean> {
  const lines = await text("go", "version", "-m", path);
  return lines.split("\n").some((line) =>
    /^\tmod\t/.test(line) && line.split("\t")[3] === version
  );
}

async function isThere(name: PeerName): Promise<boolean> {
  const path = findPeer(name);
  if (path === undefined) return false;
  const version = /^go install .*@(.*)$/.exec(PEERS[name].install)?.[1];
  return version === undefined || await isVersion(path, version);
}

async function execute(command: string): Promise<void> {
  console.log(`+ ${command}`);
  const [program = "", ...args] = command.split(" ");
  const { success } = await new Deno.Command(program, {
    args,
    stdin: "null",
    env: { DEBIAN_FRONTEND: "noninteractive", GOFLAGS: "-buildvcs=false" },
  }).spawn().status;
  if (!success) throw new Error(`Cannot install: ${command}`);
}

const wanted: string[] = [];
for (const name of Object.keys(PEERS) as PeerName[]) {
  if (!await isThere(name)) wanted.push(PEERS[name].install);
}
const packages = wanted.filter((line) => line.startsWith("apt-get "))
  .map((line) => line.replace("apt-get install ", ""));
if (packages.length > 0) {
  await execute("apt-get update -q");
  await execute(
    `apt-get install -qy ${packages.join(" ")}`,
  );
}
for (const line of wanted.filter((line) => line.startsWith("go "))) {
  await execute(line);
}
console.log(`${Object.keys(PEERS).length} peers are installed`);
