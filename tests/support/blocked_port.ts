/** Ports that fetch refuses, as browsers do. */

/** Some of https://fetch.spec.whatwg.org/#port-blocking that anybody may listen on. */
const PORTS = [6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080];

/** Starts a server on a port that fetch refuses: the first one that is free. */
export function onBlockedPort<Server>(start: (port: number) => Server): Server {
  for (const port of PORTS) {
    try {
      return start(port);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("every blocked port is in use");
}
