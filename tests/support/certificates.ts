/** Certificates as people make them with openssl. */
import { peer } from "./peers.ts";
import { mustRun } from "./process.ts";
import { tempDir } from "./temp.ts";

/** A certificate and its key, as PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** Certificates of a private CA, and two that are their own CA. */
export interface Certificates extends AsyncDisposable {
  /** The folder with all of them: `ca.pem`, `server.pem`, `server.key` and so on. */
  readonly dir: string;
  /** The CA's certificate. */
  readonly ca: string;
  /** A server's, signed by the CA. */
  readonly server: Pair;
  /** A client's, signed by the CA. */
  readonly client: Pair;
  /** A server's that is its own CA. */
  readonly own: Pair;
  /** Another one. */
  readonly otherOwn: Pair;
}

/**
 * Makes certificates with openssl, which is there: see {@linkcode peerTest}.
 *
 * @param names What the servers are called, such as `DNS:localhost`.
 */
export async function certificates(
  names: readonly string[],
): Promise<Certificates> {
  const altNames = `subjectAltName=${names.join(",")}`;
  const temp = await tempDir();
  const dir = temp.path;
  const openssl = (...args: string[]) =>
    mustRun(peer("openssl"), args, { cwd: dir });
  const read = (name: string) => Deno.readTextFile(`${dir}/${name}`);
  const pair = async (name: string) => ({
    cert: await read(`${name}.pem`),
    key: await read(`${name}.key`),
  });
  const KEY = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
  ];
  const own = (name: string, extension = altNames) =>
    openssl(
      "req",
      "-x509",
      ...KEY,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      "-addext",
      extension,
    );
  const signed = async (name: string) => {
    await openssl(
      "req",
      ...KEY,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      `/CN=${name}`,
    );
    await Deno.writeTextFile(`${dir}/ext`, altNames);
    await openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      "ext",
      "-out",
      `${name}.pem`,
    );
  };
  await own("ca", "keyUsage=keyCertSign");
  for (const name of ["server", "client"]) await signed(name);
  await own("own");
  await own("other");
  return {
    dir,
    ca: await read("ca.pem"),
    server: await pair("server"),
    client: await pair("client"),
    own: await pair("own"),
    otherOwn: await pair("other"),
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}
