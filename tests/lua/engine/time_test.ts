import { match, strictEqual } from "node:assert/strict";
import { failure, printed } from "../run.ts";

Deno.test("os.date prints a time as strftime does", () => {
  // `date -u -d @1700000000 +…`
  strictEqual(
    printed(
      `print(os.date("!%Y-%m-%d %H:%M:%S %a %A %b %B %j %p %I %y %w %%", 1700000000))
      print(os.date("!%c|%x|%X|%D|%F|%T|%R|%e|%U|%W|%V|%G|%g|%u|%C|%s|%z|%n", 1700000000))
      print(os.date("!%q %", 0))`,
    ),
    "2023-11-14 22:13:20 Tue Tuesday Nov November 318 PM 10 23 2 %\n" +
      "Tue Nov 14 22:13:20 2023|11/14/23|22:13:20|11/14/23|2023-11-14|22:13:20|22:13|14|46|46|46|2023|23|2|20|1700000000|+0000|\n\n" +
      "%q %\n",
  );
});

Deno.test("os.date counts the weeks at the turn of a year as strftime does", () => {
  // `date -u -d 2021-01-03 '+%U %W %V %G'`, and 2024-12-30.
  strictEqual(
    printed(
      `print(os.date("!%U %W %V %G", 1609632000), os.date("!%U %W %V %G", 1735516800))`,
    ),
    "01 00 53 2020\t52 53 01 2025\n",
  );
});

Deno.test("os.date takes a time apart", () => {
  strictEqual(
    printed(`local t = os.date("!*t", 1700000000)
      print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst)`),
    "2023\t11\t14\t22\t13\t20\t3\t318\tfalse\n",
  );
});

Deno.test("os.time puts a time together, and takes days beyond the month", () => {
  strictEqual(
    printed(`local t = {year = 2024, month = 1, day = 31, hour = 10}
      local a = os.time(t) t.day = 32 local b = os.time(t) print(b - a, os.date("%d.%m.", b))
      print(os.time(os.date("*t", 1700000000)), os.difftime(5, 2))`),
    "86400\t01.02.\n1700000000\t3\n",
  );
  match(
    failure("os.time({year = 2024})"),
    /field 'month' missing in date table/,
  );
});
