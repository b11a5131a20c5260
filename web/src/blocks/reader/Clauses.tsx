/** A document's text, typeset clause by clause. */
import { memo, useEffect, useRef } from "react";
import { Mark } from "../Mark";
import { markQuote } from "./marked";
import type { Place, ReadClause } from "./records";
import styles from "./reader.module.css";
import { useReaderWords } from "./words";

interface ClausesProps {
  clauses: ReadClause[];
  place?: Place;
  /** A clause to scroll to that is not a citation (from the outline); `turn` makes a second click count. */
  target?: { clauseId: number; turn: number };
}

const idOf = (clauseId: number) => `clause-${clauseId}`;

function headingsBefore(clause: ReadClause, before: ReadClause | undefined): { text: string; depth: number }[] {
  const shown: { text: string; depth: number }[] = [];
  let changed = false;
  clause.path.forEach((text, depth) => {
    changed ||= before?.path[depth] !== text;
    if (changed && text && text !== clause.article) shown.push({ text, depth });
  });
  return shown;
}

function Rows({ rows, label }: { rows: string[][]; label: string }) {
  const [head, ...body] = rows;
  return (
    <div className={styles.tableWrap} tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {head?.map((cell, index) => (
              <th key={index} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, line) => (
            <tr key={line}>
              {row.map((cell, index) => (
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Words({ clause, quote }: { clause: ReadClause; quote?: string }) {
  if (clause.rows?.length) return <Rows rows={clause.rows} label={clause.article || clause.heading || "表"} />;
  return (
    <p className={styles.words}>
      {markQuote(clause.text, quote).map((piece, index) =>
        piece.marked ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
      )}
    </p>
  );
}

interface OneClauseProps {
  clause: ReadClause;
  cited: boolean;
  quote?: string;
  /** When the whole document ends: said once above, not with every clause. */
  endsWith: string | null;
}

const OneClause = memo(function OneClause({ clause, cited, quote, endsWith }: OneClauseProps) {
  const t = useReaderWords();
  const article = clause.article && !clause.text.startsWith(clause.article) ? clause.article : "";
  return (
    <div
      id={idOf(clause.clause_id)}
      className={`${styles.clause} ${cited ? styles.cited : ""}`}
      aria-label={cited ? t("highlighted") : undefined}
      role={cited ? "group" : undefined}
    >
      {article ? <strong className={styles.article}>{article}</strong> : null}
      <Words clause={clause} quote={quote} />
      {clause.changed_on ? <Mark tone="needs">{t("changed", { on: clause.changed_on })}</Mark> : null}
      {clause.effective_to && clause.effective_to !== endsWith ? <Mark>{t("over", { to: clause.effective_to })}</Mark> : null}
    </div>
  );
});

/** The day on which every clause ends, if it is one and the same. */
function commonEnd(clauses: ReadClause[]): string | null {
  const first = clauses[0]?.effective_to ?? null;
  return clauses.every(({ effective_to }) => effective_to === first) ? first : null;
}

export function Clauses({ clauses, place, target }: ClausesProps) {
  const root = useRef<HTMLDivElement>(null);
  const t = useReaderWords();
  const endsWith = commonEnd(clauses);
  const clauseId = target?.clauseId ?? place?.clauseId;
  useEffect(() => {
    if (clauseId === undefined) return;
    const found = root.current?.querySelector(`#${idOf(clauseId)}`);
    found?.scrollIntoView({ block: target ? "start" : "center" });
  }, [clauseId, target]);
  return (
    <div ref={root} className={styles.typeset}>
      {endsWith ? <Mark tone="needs">{t("over", { to: endsWith })}</Mark> : null}
      {clauses.map((clause, index) => {
        const cited = clause.clause_id === place?.clauseId;
        return (
          <div key={clause.clause_id}>
            {headingsBefore(clause, clauses[index - 1]).map(({ text, depth }) => (
              <div key={depth} className={styles.heading} data-depth={depth} role="heading" aria-level={depth + 3}>
                {text}
              </div>
            ))}
            <OneClause clause={clause} cited={cited} endsWith={endsWith} quote={cited ? place?.quote : undefined} />
          </div>
        );
      })}
    </div>
  );
}
