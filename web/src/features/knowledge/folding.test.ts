import { expect, test } from "vitest";
import { foldedRows } from "./folding";
import type { DiffKind, DiffRow } from "./records";

const rowsOf = (kinds: DiffKind[]): DiffRow[] =>
  kinds.map((kind, index) => {
    const side = { article: `第${index}条`, text: "文" };
    return { kind, moved: false, old: side, new: side, spans: { old: [], new: [] } };
  });

test("a change keeps one clause of context on each side, the rest is folded", () => {
  const rows = rowsOf(["same", "same", "same", "same", "changed", "same", "same", "same", "same"]);
  const parts = foldedRows(rows);
  expect(parts.map(({ folded, rows: inner }) => [folded, inner.length])).toEqual([
    [true, 3],
    [false, 3],
    [true, 3],
  ]);
  expect(parts.flatMap((part) => part.rows)).toEqual(rows);
});

test("short gaps are shown rather than folded", () => {
  const parts = foldedRows(rowsOf(["changed", "same", "same", "same", "added"]));
  expect(parts.every((part) => !part.folded)).toBe(true);
});
