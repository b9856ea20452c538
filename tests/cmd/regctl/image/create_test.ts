import { match, strictEqual } from "node:assert/strict";
import { bench } from "../../../support/regctl.ts";

Deno.test("image create makes upstream's bytes", async () => {
  await using b = await bench();
  const create = (...flags: string[]) =>
    b.ok(["image", "create", `ocidir://${b.dir}/a:1`, "--by-digest", ...flags]);
  // The digests that regctl 0.11.7 prints for the same flags.
  strictEqual(
    await create(
      "--created=2020-01-02T03:04:05Z",
      "--label=a=b",
      "--label=c",
      "--annotation=k=v",
      "--platform=linux/arm64",
    ),
    "sha256:630845ee5206d727f477e2028f87da8a799691fe0c902aa31432b023e4c13766\n",
  );
  strictEqual(
    await create(),
    "sha256:98d90749727fff1c2b1c7aa74a72afe536bcb05d0074b1d748cd368e9de6dbca\n",
  );
});

Deno.test("image create takes SOURCE_DATE_EPOCH for now", async () => {
  await using b = await bench();
  const ref = `ocidir://${b.dir}/a:1`;
  await b.ok(["image", "create", ref, "--created=now"], {
    env: { SOURCE_DATE_EPOCH: "1700000000" },
  });
  const { created } = JSON.parse(
    await b.ok(["image", "inspect", ref, "--format=body"]),
  );
  strictEqual(created, "2023-11-14T22:13:20Z");
});

Deno.test("image create refuses what is no time and no image", async () => {
  await using b = await bench();
  const time = await b.run([
    "image",
    "create",
    "a:1",
    "--created",
    "yesterday",
  ]);
  strictEqual(time.exit, 2);
  match(
    time.stderr,
    /^error: unable to parse time "yesterday"\nhint: use "now"/,
  );
  const type = await b.run(["image", "create", "a:1", "--media-type=x"]);
  strictEqual(type.exit, 1);
  match(type.stderr, /^error: unsupported manifest media type: x\n/);
});
