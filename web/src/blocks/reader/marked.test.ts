import { describe, expect, it } from "vitest";
import { markQuote } from "./marked";

const marked = (text: string, quote?: string) =>
  markQuote(text, quote)
    .filter((piece) => piece.marked)
    .map((piece) => piece.text);

describe("markQuote", () => {
  it("marks the quoted words", () => {
    expect(marked("第七条 单位卡不得支取现金。另有规定的除外。", "单位卡不得支取现金。")).toEqual(["单位卡不得支取现金。"]);
  });
  it("finds words across lines and spaces", () => {
    expect(marked("单位卡不得\n 支取现金。", "单位卡不得支取现金")).toEqual(["单位卡不得\n 支取现金"]);
  });
  it("marks each part of a shortened quote", () => {
    expect(marked("甲乙丙丁，戊己庚辛，壬癸子丑", "甲乙丙丁…壬癸子丑")).toEqual(["甲乙丙丁", "壬癸子丑"]);
  });
  it("marks nothing that is not there, and keeps the text whole", () => {
    expect(markQuote("单位卡", "别的文字内容")).toEqual([{ text: "单位卡", marked: false }]);
  });
});
