/** The examples for Kubernetes: command lines and configurations that regsync takes. */
import { ok, strictEqual } from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { parse } from "../src/cli/parse.ts";
import { regsync } from "../src/cmd/regsync/mod.ts";
import { loadRegsync } from "../src/config/regsync.ts";

const FOLDER = new URL("../deploy/", import.meta.url);

for (const name of ["cronjob", "deployment", "indexed-job"]) {
  Deno.test(`deploy/${name}.yaml runs regsync with its configuration`, async () => {
    const text = await Deno.readTextFile(new URL(`${name}.yaml`, FOLDER));
    const [config, workload] = parseAllDocuments(text).map((one) => {
      strictEqual(one.errors.length, 0, String(one.errors[0]));
      return one.toJS();
    });
    strictEqual(loadRegsync(config.data["regsync.yml"]).sync.length, 1);
    const { template } = workload.spec.jobTemplate?.spec ?? workload.spec;
    const [{ args, securityContext }] = template.spec.containers;
    ok(securityContext.readOnlyRootFilesystem);
    const words = args.map((word: string) =>
      word.replace("$(JOB_COMPLETION_INDEX)", "3")
    );
    const parsed = await parse(regsync, words);
    strictEqual(parsed.kind, "call");
  });
}
