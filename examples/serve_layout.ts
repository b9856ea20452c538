/**
 * Serves a folder of OCI layouts as a registry until it is interrupted:
 * `deno run -N -R -W examples/serve_layout.ts FOLDER`.
 */
import { openFolder, type RegistryServer, serve } from "@regkit/regkit/serve";

/** Serves the folder on a free port; nobody can change what is in it. */
export async function serveLayouts(folder: string): Promise<RegistryServer> {
  const storage = await openFolder(folder, { readOnly: true });
  return serve(storage, { port: 0 });
}

if (import.meta.main) {
  const server = await serveLayouts(Deno.args[0] ?? ".");
  console.log(server.address);
  await server.finished;
}
