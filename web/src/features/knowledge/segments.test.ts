import { expect, test } from "vitest";
import { segmentsOf, spansOfQuote } from "./segments";

test("a text without ranges is one plain piece", () => {
  expect(segmentsOf("甲乙", [])).toEqual([{ text: "甲乙", marked: false }]);
});

test("pieces join to the whole text whatever the ranges are", () => {
  const text = "客户应当在五个工作日内补齐资料。";
  for (const spans of [[[0, 2], [5, 6]], [[5, 99]], [[3, 3]], [[4, 8], [6, 9]], [[6, 9], [0, 2]], [[-3, 2]]] as [number, number][][]) {
    expect(segmentsOf(text, spans).map((piece) => piece.text).join("")).toBe(text);
  }
});

test("overlapping and touching ranges become one mark", () => {
  expect(segmentsOf("abcdef", [[1, 3], [2, 4], [4, 5]])).toEqual([
    { text: "a", marked: false },
    { text: "bcde", marked: true },
    { text: "f", marked: false },
  ]);
});

test("a quote is found across line breaks", () => {
  const text = "本办法自\n2026年1月1日 起施行。";
  const [span] = spansOfQuote(text, "自2026年1月1日起");
  expect(text.slice(...(span ?? [0, 0]))).toBe("自\n2026年1月1日 起");
  expect(spansOfQuote(text, "没有这句")).toEqual([]);
  expect(spansOfQuote(text, " ")).toEqual([]);
});
