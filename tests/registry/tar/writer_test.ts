import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { digestOf } from "../../../src/registry/digest.ts";
import { TYPE } from "../../../src/registry/tar/header.ts";
import {
  encodeHeader,
  type NewHeader,
  writeTar,
} from "../../../src/registry/tar/writer.ts";

const at = (seconds: number, nanoseconds = 0) =>
  BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
const pax = (records: Record<string, string>) =>
  new Map(Object.entries(records));

// The SHA-256 of what archive/tar of Go 1.26 writes for the same header.
const GO: readonly (readonly [NewHeader, string])[] = [
  [
    { name: "plain", mode: 0o644, mtime: at(1577934245) },
    "6f75d9abdeffee465a06949f923e6072ec908043ddd93467b44129e041133b2a",
  ],
  [
    {
      name: "dir/",
      type: TYPE.directory,
      mode: 0o755,
      uid: 1000,
      gid: 1000,
      uname: "user",
      gname: "group",
    },
    "fc688206403140f95fc27c408cfd9d52c9a579421cad9aac0068d1ad71bc8222",
  ],
  [
    { name: `${"d".repeat(90)}/${"f".repeat(90)}`, mode: 0o600 },
    "5306c2717a205830f62e889653ae3356daa92afe8b91500480f7d25bab1b91df",
  ],
  [
    { name: "n".repeat(101) },
    "cd5f0ff52012b7ad1cc612bae9270efb34b44cbacd97f7bd25f6a935fb1493ce",
  ],
  [
    { name: "é/😀" },
    "d38ef2001d8df29440851eaa5ff2c4ea22c715242ef4be091e1cbc71b806193c",
  ],
  [
    { name: "bad\udcff\udcfe" },
    "081c45fc9f6c5aece719aeccdf9d726a5dcdefdf95e69998766817d75a17fde1",
  ],
  [
    {
      name: "link",
      linkname: "l".repeat(130),
      type: TYPE.symlink,
      mode: 0o777,
    },
    "8cc1db070c3dc78f401ca86fbc5c51b00566e3c9c12bc8054cd0204bd61d7fe0",
  ],
  [
    { name: "dev", type: TYPE.character, devmajor: 1, devminor: 3 },
    "3fec860c382d303f874a202b60f815c4383f4e4ae56860e3b37198492f181e0c",
  ],
  [
    { name: "big-id", uid: 3000000, gid: 4000000 },
    "61ba6520de7806ced95413a29e15bb53085e20fa0ce1cc6b439a6c683f1f0f7b",
  ],
  [
    { name: "exact", mtime: at(1577934245, 120000000), format: "pax" },
    "aaeba2f0d5194d7caa081c4863532712bdf19ba412343ca6367187a6b42e5ccf",
  ],
  [
    { name: "rounded", mtime: at(1577934245, 620000000), atime: at(5) },
    "010d2cdb6763026dd201ac08e548d39354801e4ecd4b55b3fa711b2cdbb9282f",
  ],
  [
    {
      name: "times",
      mtime: at(1),
      atime: at(5, 500000000),
      ctime: at(-2, 500000000),
      format: "pax",
    },
    "39c634ba076d13b37116a658378a42347a1c3e6229dc51a7aebc341946286d5c",
  ],
  [
    { name: "old", mtime: at(-100), format: "pax" },
    "c271684fcedef9478be282f5e2e8692e12f0b420e06746da77cc8a7d0ca76e49",
  ],
  [
    {
      name: `gnu${"g".repeat(120)}`,
      mtime: at(-100),
      atime: at(7),
      uid: 3000000,
      format: "gnu",
    },
    "3fe53855df7c004bdce1c6899b6d6612445fbc231fe01f766fd83f967f5e8737",
  ],
  [
    {
      name: "attr",
      pax: pax({
        "SCHILY.xattr.user.b": "\0\udcff=\n",
        "SCHILY.xattr.user.a": "1",
        path: "other",
      }),
      format: "pax",
    },
    "df671b7fb5d4db65c14d9223ffcacafa0f433fb7a08147b48070ac4e5742fea0",
  ],
  [
    {
      name: `${"x".repeat(99)}/`,
      type: TYPE.directory,
      format: "pax",
      pax: pax({ z: "1" }),
    },
    "946c189dd1ba95c24d2444569584157a15f09066193c8fb3b29f1392494ec9a7",
  ],
  [
    {
      name: `${"y".repeat(98)}/${"é".repeat(30)}/`,
      type: TYPE.directory,
    },
    "54eba75ed61a13b018bda90c445c42b1568cf8b6b5c327ea270ec9d960da861e",
  ],
  [
    { name: "", type: TYPE.paxGlobal, pax: pax({ comment: "hello" }) },
    // Go pads this one when the next header comes.
    "e425798471d3ef232b450369cd624ec04c7c05485c5a277b78bfe8466049c606",
  ],
];

Deno.test("encodeHeader() writes what Go writes", () => {
  for (const [header, hash] of GO) {
    const bytes = encodeHeader(header);
    strictEqual(bytes.length % 512, 0);
    const end = header.type === TYPE.paxGlobal ? 529 : bytes.length;
    strictEqual(
      digestOf(bytes.subarray(0, end)),
      `sha256:${hash}`,
      header.name,
    );
  }
});

Deno.test("encodeHeader() refuses what no format can hold", () => {
  throws(
    () =>
      encodeHeader({
        name: "a",
        devmajor: 2 ** 40,
        mtime: at(0, 1),
        format: "pax",
      }),
    (error: Error) => isRegError(error, "invalid"),
  );
});

Deno.test("writeTar() pads bodies and ends with two empty blocks", async () => {
  const body = [new Uint8Array(500), new Uint8Array(100)];
  const chunks = await Array.fromAsync(
    writeTar([{ header: { name: "a", size: 600 }, body }]),
  );
  const sizes = chunks.map((chunk) => chunk.length);
  deepStrictEqual(sizes, [512, 500, 100, 424, 1024]);
});

Deno.test("writeTar() refuses a body of another size than its header says", async () => {
  for (const size of [1, 3]) {
    await rejects(
      Array.fromAsync(
        writeTar([{ header: { name: "a", size }, body: [new Uint8Array(2)] }]),
      ),
      (error) => isRegError(error, "mismatch"),
    );
  }
});
