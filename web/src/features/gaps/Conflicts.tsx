/** Clauses in force that say different things of one matter, side by side. */
import { Link } from "react-router";
import { State } from "@/blocks/States";
import { segmentsOf, spansOfQuote } from "@/features/knowledge/segments";
import type { Spans } from "@/features/knowledge/records";
import type { Conflict, ConflictSide } from "./records";
import { useGapsWords } from "./words";
import styles from "./gaps.module.css";

function Side({ side, figures }: { side: ConflictSide; figures: string[] }) {
  const t = useGapsWords();
  const spans: Spans = figures.flatMap((figure) => spansOfQuote(side.sentence, figure));
  return (
    <div className={styles.side}>
      <Link to={`/knowledge/documents/${side.document_id}?tab=text&clause=${side.clause_id}`}>
        {[side.document, side.article].filter(Boolean).join(" › ")}
      </Link>
      {side.effective_from ? <span className={styles.quiet}> {t("since", { day: side.effective_from })}</span> : null}
      <p>
        {segmentsOf(side.sentence, spans).map((piece, index) =>
          piece.marked ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
        )}
      </p>
    </div>
  );
}

export function Conflicts({ items }: { items: Conflict[] }) {
  const t = useGapsWords();
  if (items.length === 0) return <State title={t("noConflicts")} hint={t("noConflictsHint")} />;
  return (
    <ul className={styles.list}>
      {items.map(({ first, second, differing }) => (
        <li key={`${first.clause_id}/${second.clause_id}/${first.sentence}`} className={styles.one}>
          <h2>{differing.map(([one, other]) => t("differs", { one, other })).join("；")}</h2>
          <div className={styles.sides}>
            <Side side={first} figures={differing.map(([one]) => one)} />
            <Side side={second} figures={differing.map(([, other]) => other)} />
          </div>
        </li>
      ))}
    </ul>
  );
}
