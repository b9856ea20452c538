import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ApiError } from "../../src/serve/api_error.ts";

Deno.test("ApiError answers with the status of its code and all its entries", async () => {
  const error = new ApiError("BLOB_UNKNOWN", "one", {
    detail: { digest: "a" },
    headers: { allow: "GET" },
    more: [{ code: "NAME_INVALID", message: "two" }],
  });
  const response = error.toResponse();
  strictEqual(response.status, 404);
  strictEqual(response.headers.get("content-type"), "application/json");
  strictEqual(response.headers.get("allow"), "GET");
  const bytes = await response.bytes();
  strictEqual(response.headers.get("content-length"), String(bytes.length));
  deepStrictEqual(JSON.parse(new TextDecoder().decode(bytes)), {
    errors: [
      { code: "BLOB_UNKNOWN", message: "one", detail: { digest: "a" } },
      { code: "NAME_INVALID", message: "two" },
    ],
  });
});

Deno.test("ApiError takes another status", () => {
  strictEqual(new ApiError("SIZE_INVALID", "x", { status: 413 }).status, 413);
});
