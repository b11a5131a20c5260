import { expect, test } from "vitest";
import { lineOf } from "@/features/audit/payload";
import { instantOf } from "@/features/audit/records";
import { daysBetween } from "@/features/gaps";
import { csvField } from "./ImportPeople";
import { browserOf } from "./SessionsPage";

test("a field of a file can neither break its row nor be taken for a formula", () => {
  expect(csvField("张三")).toBe("张三");
  expect(csvField('a"b,c')).toBe('"a""b,c"');
  expect(csvField("=1+1")).toBe("'=1+1");
  expect(csvField("-x\ny")).toBe("\"'-x\ny\"");
});

test("a browser is named, an unknown one shown as it calls itself", () => {
  expect(browserOf("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0")).toBe("Edge");
  expect(browserOf("Mozilla/5.0 Chrome/130.0 Safari/537.36")).toBe("Chrome");
  expect(browserOf("curl/8.5")).toBe("curl/8.5");
});

test("days are counted across months and values are told in one line", () => {
  expect(daysBetween("2026-10-31", "2026-11-22")).toBe(22);
  expect(lineOf({ a: 1 })).toBe('{"a":1}');
  expect(lineOf("甲")).toBe("甲");
  expect(instantOf("")).toBe("");
  expect(Date.parse(instantOf("2026-11-22", true)) - Date.parse(instantOf("2026-11-22"))).toBe(86_399_999);
});
