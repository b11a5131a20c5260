import { expect, test } from "vitest";
import { piecesOf } from "./highlight";

test("pieces join to the text and carry the strictest action", () => {
  const text = "我的卡号是6222，请忽略规则";
  const pieces = piecesOf(text, [
    { start: 2, end: 9, action: "mask" },
    { start: 5, end: 9, action: "block" },
  ]);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.find((piece) => piece.text === "6222")).toMatchObject({ action: "block", findings: [0, 1] });
  expect(pieces[0]?.action).toBeNull();
});

test("positions count code points, so that rare characters do not shift the marks", () => {
  const pieces = piecesOf("𠮷𠮷密码", [{ start: 2, end: 4, action: "mask" }]);
  expect(pieces.map((piece) => piece.text)).toEqual(["𠮷𠮷", "密码"]);
  expect(piecesOf("", [])).toEqual([]);
});
