import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Log, type LogRecord } from "../../../src/base/log.ts";
import { hostOf } from "../../../src/cmd/regctl/client.ts";

Deno.test("hostOf() reads the keys it knows, and warns of what makes no sense", () => {
  const records: LogRecord[] = [];
  const log = new Log(0, (record) => records.push(record));
  deepStrictEqual(
    hostOf('reg=a:5000,user=u,pass="p,q",tls=Disabled,other=x', log),
    [{ name: "a:5000", user: "u", pass: "p,q", tls: "disabled" }],
  );
  deepStrictEqual(records, []);
  deepStrictEqual(hostOf("user=u", log), []);
  deepStrictEqual(hostOf('reg=a,pass="SECRET', log), []);
  deepStrictEqual(hostOf("reg=a,tls=maybe", log), [{ name: "a" }]);
  strictEqual(records.length, 3);
  strictEqual(JSON.stringify(records).includes("SECRET"), false);
});
