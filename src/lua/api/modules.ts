/**
 * Finding the modules that `require` asks for.
 *
 * @module
 */
import { resolve } from "node:path";
import { isRegError } from "../../base/errors.ts";
import { FIND } from "../engine/script.ts";
import type { Call } from "./call.ts";
import type { Definition } from "./definition.ts";

/** The largest module, in bytes. */
const MOST = 4 << 20;

/** What `require` calls. */
export const MODULES: readonly Definition[] = [{
  name: FIND,
  text: "Finds a module.",
  parameters: [{ name: "name", type: "string", text: "Its name." }],
  results: [{ type: "string", text: "Its source." }, {
    type: "string",
    text: "Its chunk name, or where it was looked for.",
  }],
  hidden: true,
  run: find,
}];

async function find(call: Call) {
  const name = call.text(1);
  const { directories, files } = call.session.modules;
  // A dot is a directory; nothing in a name leads up or to a root.
  if (!/^[\w-]+([./][\w-]+)*$/.test(name)) {
    return [undefined, "\n\tno module can have that name"];
  }
  const tried: string[] = [];
  for (const directory of directories) {
    const base = resolve(directory, name.replaceAll(".", "/"));
    for (const path of [`${base}.lua`, `${base}/init.lua`]) {
      try {
        const real = await files.check(path);
        const { size } = await Deno.stat(real);
        if (size <= MOST) return [await Deno.readFile(real), `@${path}`];
        tried.push(`\n\tfile '${path}' is too large`);
      } catch (error) {
        const why = isRegError(error, "denied") ? error.message : "no file";
        tried.push(`\n\t${why} '${path}'`);
      }
    }
  }
  return [undefined, tried.join("")];
}
