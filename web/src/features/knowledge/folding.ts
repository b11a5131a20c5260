/** Which rows of a comparison are shown and which are folded away. */
import type { DiffRow } from "./records";

/** Unchanged clauses kept on each side of a change, so that it can be understood. */
const CONTEXT_ROWS = 1;
/** Fewer unchanged rows than this are not worth a fold. */
const FOLD_ROWS_MIN = 3;

export interface Part {
  folded: boolean;
  rows: DiffRow[];
}

/** All rows in order, in parts that are shown or folded. */
export function foldedRows(rows: readonly DiffRow[]): Part[] {
  const near = rows.map((_, index) =>
    rows.slice(Math.max(0, index - CONTEXT_ROWS), index + CONTEXT_ROWS + 1).some((row) => row.kind !== "same"),
  );
  const parts: Part[] = [];
  rows.forEach((row, index) => {
    const folded = !near[index];
    const last = parts.at(-1);
    if (last?.folded === folded) last.rows.push(row);
    else parts.push({ folded, rows: [row] });
  });
  return parts.map((part) => (part.rows.length < FOLD_ROWS_MIN ? { ...part, folded: false } : part));
}
