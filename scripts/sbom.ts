/**
 * The bill of materials of the program, in CycloneDX, from the lock file:
 * `deno run -A scripts/sbom.ts [FILE]`. What only builds and tests is left out.
 *
 * @module
 */
import { VERSION } from "../src/base/version.ts";

const ROOT = new URL("../", import.meta.url);

/** What the lock file says of a package. */
interface Locked {
  readonly integrity: string;
  readonly dependencies?: readonly string[];
}

/** The lock file, as far as it is read here. */
interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, Locked>>;
}

/** A package that is in the program. */
export interface Component {
  /** Its name, with its scope. */
  readonly name: string;
  /** Its exact version. */
  readonly version: string;
  /** The SHA-512 of its archive, in hexadecimal. */
  readonly sha512: string;
  /** What it imports, as keys of the lock file. */
  readonly dependencies: readonly string[];
}

/**
 * The packages that the program reaches, by their keys in the lock file.
 *
 * @param imported The packages that the sources import, such as `yaml`.
 */
export function componentsOf(
  lock: Lock,
  imported: Iterable<string>,
  imports: Readonly<Record<string, string>>,
): ReadonlyMap<string, Component> {
  const found = new Map<string, Component>();
  const add = (key: string) => {
    if (found.has(key)) return;
    const locked = lock.npm[key];
    if (!locked) throw new Error(`${key} is not in the lock file`);
    // What follows an underscore are the peers that it was resolved with.
    const [, name = "", version = ""] = /^(@?[^@]+)@([^_]+)/.exec(key) ?? [];
    const dependencies = (locked.dependencies ?? []).map((one) =>
      keyOf(lock, one)
    );
    const sha512 = Uint8Array.fromBase64(locked.integrity.slice(7)).toHex();
    found.set(key, { name, version, sha512, dependencies });
    dependencies.forEach(add);
  };
  for (const name of imported) {
    const specifier = imports[name];
    if (specifier === undefined) throw new Error(`${name} is not in deno.json`);
    const version = lock.specifiers[specifier];
    if (version === undefined) throw new Error(`${specifier} is not locked`);
    add(keyOf(lock, `${specifier.slice(4).replace(/@[^@]*$/, "")}@${version}`));
  }
  return found;
}

/** The key of a package, which the lock file shortens in lists of dependencies. */
function keyOf(lock: Lock, text: string): string {
  if (lock.npm[text]) return text;
  const key = Object.keys(lock.npm).find((one) =>
    text.includes("@", 1)
      ? one.startsWith(`${text}_`)
      : one.startsWith(`${text}@`)
  );
  if (key === undefined) throw new Error(`${text} is not in the lock file`);
  return key;
}

/** A document in CycloneDX 1.6, as far as the tests look at it. */
export interface Bom {
  /** One a package. */
  readonly components: readonly {
    readonly "bom-ref": string;
    readonly hashes: readonly { readonly content: string }[];
  }[];
  /** What each needs. */
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn: readonly string[];
  }[];
}

/** The document. */
export function bom(components: ReadonlyMap<string, Component>): Bom {
  const purl = ({ name, version }: Component) =>
    `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const all = [...components.values()].toSorted((a, b) =>
    purl(a) < purl(b) ? -1 : 1
  );
  const self = `pkg:generic/regkit@${VERSION}`;
  const needed = new Set(all.flatMap((one) => one.dependencies));
  const roots = [...components].filter(([key]) => !needed.has(key));
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": self,
        name: "regkit",
        version: VERSION,
        purl: self,
        licenses: [{ license: { id: "Apache-2.0" } }],
      },
    },
    components: all.map((one) => ({
      type: "library",
      "bom-ref": purl(one),
      name: one.name,
      version: one.version,
      purl: purl(one),
      hashes: [{ alg: "SHA-512", content: one.sha512 }],
    })),
    dependencies: [
      { ref: self, dependsOn: roots.map(([, one]) => purl(one)).sort() },
      ...all.map((one) => ({
        ref: purl(one),
        dependsOn: one.dependencies.flatMap((key) => {
          const on = components.get(key);
          return on ? [purl(on)] : [];
        }).sort(),
      })),
    ],
  };
  return document;
}

/** The packages that files below `src/` import, by their names in deno.json. */
export async function importedBySources(
  names: readonly string[],
): Promise<readonly string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "src/main.ts"],
    cwd: ROOT,
  }).output();
  const { modules }: {
    modules: {
      local?: string;
      specifier: string;
      dependencies?: { specifier: string }[];
    }[];
  } = JSON.parse(new TextDecoder().decode(stdout));
  const used = new Set(
    modules.flatMap(({ dependencies = [] }) =>
      dependencies.map(({ specifier }) => specifier)
    ),
  );
  return names.filter((name) =>
    [...used].some((one) => one === name || one.startsWith(`${name}/`))
  );
}

if (import.meta.main) {
  const read = async (name: string) =>
    JSON.parse(await Deno.readTextFile(new URL(name, ROOT)));
  const { imports } = await read("deno.json");
  const imported = await importedBySources(Object.keys(imports));
  const components = componentsOf(await read("deno.lock"), imported, imports);
  const text = `${JSON.stringify(bom(components), undefined, 2)}\n`;
  const [path] = Deno.args;
  if (path === undefined) {
    await Deno.stdout.write(new TextEncoder().encode(text));
  } else await Deno.writeTextFile(path, text);
}
