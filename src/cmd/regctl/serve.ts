/**
 * `regctl serve`: what its command line is.
 *
 * @module
 */
import { defineCommand } from "./define.ts";
import { SERVE_FLAGS } from "./serve_flags.ts";

/** Serves a folder of OCI layouts, or the memory, as a registry. */
export const serve = defineCommand({
  name: "serve",
  summary: "Run a registry",
  description:
    `Run a registry on a folder of OCI layouts, one a repository: what \
was copied to ocidir://DIR/NAME is served as NAME, and what is pushed can be \
read there. Without a certificate it speaks plain http, of which clients must \
be told: regctl registry set --tls disabled 127.0.0.1:5000. Stops on SIGTERM or \
SIGINT, when the requests under way are done.`,
  examples: [
    { about: "serve a folder", line: "regctl serve ./images" },
    {
      about: "serve everybody, let users of a file push",
      line:
        "regctl serve ./images --addr :5000 --htpasswd users --anonymous-pull",
    },
    {
      about: "a registry for one job, with an access log",
      line: "regctl serve --memory --addr 127.0.0.1:0 -v info",
    },
  ],
  needs: ({ flags }) =>
    flags["memory"] || flags["read-only"] ? ["net"] : ["net", "write"],
  args: ["[directory]"],
  completes: ["directory"],
  flags: SERVE_FLAGS,
  run: async (io, call) => await (await import("./serve_run.ts")).run(io, call),
});
