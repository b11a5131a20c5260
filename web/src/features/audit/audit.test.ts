import { expect, test } from "vitest";
import { csvOf } from "./csv";
import { linesOf } from "./payload";

test("nested values are laid flat, and nothing empty is shown", () => {
  const payload = { status: "ok", refusal: null, evidence_versions: ["ver_1", "ver_2"], verified: [true, false], src_endpoint: { ip: "127.0.0.1", channel: "http" }, note: "" };
  expect(linesOf(payload)).toEqual([
    ["status", "ok"],
    ["evidence_versions", "ver_1\nver_2"],
    ["verified", "[true,false]"],
    ["src_endpoint.ip", "127.0.0.1"],
    ["src_endpoint.channel", "http"],
  ]);
});

test("a file for a spreadsheet computes nothing and keeps commas in their cell", () => {
  expect(csvOf([["谁", "做了什么"], ["=1+1", '说"好",走']])).toBe('\ufeff谁,做了什么\r\n\'=1+1,"说""好"",走"\r\n');
});
