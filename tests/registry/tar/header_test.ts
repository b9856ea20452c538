import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  checksum,
  FIELDS,
  formatPaxTime,
  isBodyless,
  parseBlock,
  parsePax,
  TYPE,
  wholeSeconds,
  withPax,
} from "../../../src/registry/tar/header.ts";
import { encodeHeader } from "../../../src/registry/tar/writer.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A header with some bytes changed, and the checksum made right again. */
function block(changes: Partial<Record<keyof typeof FIELDS, string>>) {
  const made = encodeHeader({ name: "a" });
  for (const [name, text] of Object.entries(changes)) {
    const [at, length] = FIELDS[name as keyof typeof FIELDS];
    made.fill(0, at, at + length);
    made.set(bytes(text).subarray(0, length), at);
  }
  made.set(bytes(checksum(made).toString(8).padStart(6, "0") + "\0 "), 148);
  return made;
}

Deno.test("parseBlock() knows the formats apart", () => {
  strictEqual(parseBlock(block({})).format, "ustar");
  strictEqual(parseBlock(block({ magic: "ustar  " })).format, "gnu");
  strictEqual(parseBlock(block({ magic: "" })).format, "");
  strictEqual(parseBlock(block({ mode: "0000644 " })).format, "");
  strictEqual(parseBlock(block({ prefix: "p" })).name, "p/a");
  strictEqual(parseBlock(block({ prefix: "p", magic: "" })).name, "a");
});

Deno.test("parseBlock() is lenient with padding and strict with the rest", () => {
  strictEqual(parseBlock(block({ mode: "   644 \0" })).mode, 0o644);
  strictEqual(parseBlock(block({ mode: "" })).mode, 0);
  throws(() => parseBlock(block({ mode: "9" })), /bad number for "mode"/);
  throws(() => parseBlock(block({ mode: "1 2" })), /bad number/);
  const wrong = block({});
  wrong[0] = 66;
  throws(() => parseBlock(wrong), /wrong checksum/);
});

Deno.test("parsePax() reads records and refuses malformed ones", () => {
  deepStrictEqual([...parsePax(bytes("8 a=b=c\n12 k=line\n1\n"))], [
    ["a", "b=c"],
    ["k", "line\n1"],
  ]);
  for (
    const bad of [
      "5 a=b\n", // one byte short
      "7 a=b\n",
      "x a=b\n",
      "6 ab\n\n",
      "5 =b\n",
      "999999999999 a=b\n",
      "-6 a=b\n",
    ]
  ) throws(() => parsePax(bytes(bad)), /malformed/, bad);
});

Deno.test("withPax() replaces fields, and gives back those of empty records", () => {
  const header = parseBlock(block({ uid: "0000005" }));
  const records = new Map([
    ["path", "long"],
    ["uid", ""],
    ["size", "8589934592"],
    ["mtime", "-1.25"],
    ["atime", ".5"],
  ]);
  const { name, uid, size, mtime, atime, format } = withPax(header, records);
  deepStrictEqual(
    { name, uid, size, mtime, atime, format },
    {
      name: "long",
      uid: 5,
      size: 8589934592,
      mtime: -1_250_000_000n,
      atime: 500_000_000n,
      format: "pax",
    },
  );
  for (
    const [key, value] of [["size", "x"], ["mtime", "1e3"], ["mtime", "."], [
      "uid",
      "9".repeat(30),
    ]] as const
  ) {
    throws(() => withPax(header, new Map([[key, value]])), /Cannot read tar/);
  }
});

Deno.test("formatPaxTime() prints what withPax() reads", () => {
  const header = parseBlock(block({}));
  fc.assert(fc.property(
    fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }),
    (time) => {
      const mtime = formatPaxTime(time);
      strictEqual(withPax(header, new Map([["mtime", mtime]])).mtime, time);
    },
  ));
  strictEqual(formatPaxTime(1_500_000_000n), "1.5");
  strictEqual(wholeSeconds(-1n), -1n);
});

Deno.test("isBodyless() holds for links, devices, directories and pipes", () => {
  const types = Object.values(TYPE).filter(isBodyless);
  deepStrictEqual(types, ["1", "2", "3", "4", "5", "6"]);
});
