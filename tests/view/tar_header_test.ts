import { strictEqual } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import type { TarHeader } from "../../src/registry/tar/header.ts";
import { fileView } from "../../src/view/blob.ts";

const HEADER: TarHeader = {
  name: "a",
  type: "0",
  size: 3,
  mode: 0o644,
  uid: 0,
  gid: 0,
  uname: "root",
  gname: "root",
  linkname: "",
  devmajor: 0,
  devminor: 0,
  mtime: 1_795_450_794_000_000_000n,
  pax: new Map(),
  format: "ustar",
};

function shown(header: Partial<TarHeader>, template: string): string {
  const view = fileView({ ...HEADER, ...header }, new Uint8Array());
  return renderTemplate(template, view);
}

// The texts are those of a Go program that prints json.Marshal(header).
Deno.test("a header is the JSON that Go makes of it", () => {
  const begin = '{"Typeflag":48,"Name":"a","Linkname":"","Size":3,"Mode":420,' +
    '"Uid":0,"Gid":0,"Uname":"root","Gname":"root",';
  strictEqual(
    shown({}, "{{json .Header}}"),
    `${begin}"ModTime":"2026-11-23T16:19:54Z","AccessTime":"0001-01-01T00:00:00Z","ChangeTime":"0001-01-01T00:00:00Z","Devmajor":0,"Devminor":0,"Xattrs":null,"PAXRecords":null,"Format":2}\n`,
  );
  const times = {
    atime: "1795450794.399999289",
    ctime: "1795450794.395999288",
  };
  strictEqual(
    shown({
      mtime: 1_795_450_794_395_999_288n,
      atime: 1_795_450_794_399_999_289n,
      ctime: 1_795_450_794_395_999_288n,
      pax: new Map(Object.entries({ ...times, "SCHILY.xattr.user.a": "b" })),
      format: "pax",
    }, "{{json .Header}}"),
    `${begin}"ModTime":"2026-11-23T16:19:54.395999288Z","AccessTime":"2026-11-23T16:19:54.399999289Z","ChangeTime":"2026-11-23T16:19:54.395999288Z","Devmajor":0,"Devminor":0,"Xattrs":{"user.a":"b"},"PAXRecords":{"SCHILY.xattr.user.a":"b","atime":"1795450794.399999289","ctime":"1795450794.395999288"},"Format":4}\n`,
  );
});

Deno.test("a header's format prints as its name, times before 1970 as what they are", () => {
  const format = "{{.Header.Format}}";
  strictEqual(shown({ format: "gnu" }, format), "GNU");
  strictEqual(shown({ format: "" }, format), "<unknown>");
  strictEqual(
    shown({ mtime: -1_500_000_000n }, "{{json .Header.ModTime}}"),
    '"1969-12-31T23:59:58.5Z"\n',
  );
});
