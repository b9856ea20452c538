import { deepStrictEqual, rejects } from "node:assert/strict";
import { noise } from "../../support/images.ts";
import { blobOf, setUp } from "../../support/registry_stores.ts";

// The rest: tests/registry/store/registry_upload_test.ts.

Deno.test("cancelUpload() asks where the upload is when the registry says that it has moved on", async () => {
  await using setting = setUp({
    faults: [
      { method: "PUT", status: 403 },
      { method: "DELETE", status: 416, times: 1 },
    ],
  });
  const { node, body } = blobOf(noise(1000, 1));
  await rejects(setting.open().push(node, body), { code: "denied" });
  deepStrictEqual(
    setting.registry.take().map((line) => line.split(" ")[0]),
    ["POST", "PUT", "DELETE", "GET", "DELETE"],
  );
});
