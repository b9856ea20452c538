/** The programs that tests run beside ours, where they are installed. */

/** What a peer is found as, and what installs it. */
interface Peer {
  /** The names of its executable; `go install` calls some by their folder. */
  readonly names: readonly string[];
  /** What installs it. */
  readonly install: string;
}

/** Every program that a test or a benchmark asks for. */
export const PEERS = {
  regctl: {
    names: ["regctl"],
    install: "go install github.com/regclient/regclient/cmd/regctl@v0.11.7",
  },
  regsync: {
    names: ["regsync"],
    install: "go install github.com/regclient/regclient/cmd/regsync@v0.11.7",
  },
  regbot: {
    names: ["regbot"],
    install: "go install github.com/regclient/regclient/cmd/regbot@v0.11.7",
  },
  crane: {
    names: ["crane"],
    install:
      "go install github.com/google/go-containerregistry/cmd/crane@v0.22.1",
  },
  oras: {
    names: ["oras"],
    install: "go install oras.land/oras/cmd/oras@v1.3.6",
  },
  distribution: {
    names: ["registry"],
    install:
      "go install github.com/distribution/distribution/v3/cmd/registry@v3.1.2",
  },
  toxiproxy: {
    names: ["toxiproxy-server", "server"],
    install: "go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0",
  },
  conformance: {
    names: ["conformance"],
    install:
      "go install github.com/opencontainers/distribution-spec/conformance@v0.0.0-20260831232431-97274622c111",
  },
  "docker-registry": {
    names: ["docker-registry"],
    install: "apt-get install docker-registry",
  },
  skopeo: { names: ["skopeo"], install: "apt-get install skopeo" },
  podman: { names: ["podman"], install: "apt-get install podman" },
  buildah: { names: ["buildah"], install: "apt-get install buildah" },
  bwrap: { names: ["bwrap"], install: "apt-get install bubblewrap" },
  mmdebstrap: { names: ["mmdebstrap"], install: "apt-get install mmdebstrap" },
  "qemu-aarch64": {
    names: ["qemu-aarch64"],
    install: "apt-get install qemu-user",
  },
  time: { names: ["time"], install: "apt-get install time" },
  bash: { names: ["bash"], install: "apt-get install bash" },
  fish: { names: ["fish"], install: "apt-get install fish" },
  zsh: { names: ["zsh"], install: "apt-get install zsh" },
  tmux: { names: ["tmux"], install: "apt-get install tmux" },
  openssl: { names: ["openssl"], install: "apt-get install openssl" },
} satisfies Record<string, Peer>;

/** The name of a peer. */
export type PeerName = keyof typeof PEERS;

const PATHS: readonly string[] = [
  ...(Deno.env.get("PATH") ?? "").split(":"),
  Deno.env.get("GOBIN") ?? "",
  `${Deno.env.get("GOPATH") ?? `${Deno.env.get("HOME")}/go`}/bin`,
].filter((path) => path !== "");

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** The path of a peer's executable; `undefined` where it is not installed. */
export function findPeer(name: PeerName): string | undefined {
  return PEERS[name].names
    .flatMap((file) => PATHS.map((folder) => `${folder}/${file}`))
    .find(isFile);
}

/** The path of a peer's executable, which is there: see {@linkcode peerTest}. */
export function peer(name: PeerName): string {
  const path = findPeer(name);
  if (path === undefined) {
    throw new Error(`${name} not found: ${PEERS[name].install}`);
  }
  return path;
}

const told = new Set<PeerName>();

/** A test that needs peers: where one is missing it says so and is ignored. */
export function peerTest(
  name: string,
  needs: readonly PeerName[],
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = needs.filter((need) => findPeer(need) === undefined);
  for (const need of missing.filter((need) => !told.has(need))) {
    told.add(need);
    console.log(`skipped: ${need} not found (${PEERS[need].install})`);
  }
  Deno.test({ name, ignore: missing.length > 0, fn });
}
