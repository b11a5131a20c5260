/** Two versions clause by clause: what was added, taken away, changed; what stayed is folded. */
import { Button, Segmented } from "antd";
import { useState, type ReactNode } from "react";
import { Loaded, State } from "@/blocks/States";
import { useIsPhone } from "@/blocks/narrow";
import { useDiffWords } from "./diffWords";
import { useDiff } from "./queries";
import { foldedRows } from "./folding";
import type { DiffRow, DiffSide, Spans } from "./records";
import { segmentsOf } from "./segments";
import styles from "./diff.module.css";

function Side({ side, spans, kind, empty }: { side: DiffSide | null; spans: Spans; kind: "old" | "new"; empty: string }) {
  if (!side) return <div className={`${styles.side} ${styles.none}`}>{empty}</div>;
  const Changed = kind === "old" ? "del" : "ins";
  return (
    <div className={styles.side}>
      {side.article && !side.text.startsWith(side.article) ? <strong>{side.article}</strong> : null}
      <p>
        {segmentsOf(side.text, spans).map((piece, index) =>
          piece.marked ? <Changed key={index}>{piece.text}</Changed> : <span key={index}>{piece.text}</span>,
        )}
      </p>
    </div>
  );
}

function Row({ row }: { row: DiffRow }) {
  const t = useDiffWords();
  const phone = useIsPhone();
  const whole = (side: DiffSide | null): Spans => (side ? [[0, side.text.length]] : []);
  const oldSpans = row.kind === "removed" ? whole(row.old) : row.spans.old;
  const newSpans = row.kind === "added" ? whole(row.new) : row.spans.new;
  return (
    <div className={`${styles.row} ${styles[row.kind]}`} title={row.moved ? t("moved") : undefined}>
      {phone && !row.old ? null : <Side side={row.old} spans={oldSpans} kind="old" empty={t("notBefore")} />}
      {phone && (!row.new || row.kind === "same") ? null : <Side side={row.new} spans={newSpans} kind="new" empty={t("takenAway")} />}
    </div>
  );
}

function Folded({ rows, children }: { rows: DiffRow[]; children: (row: DiffRow, index: number) => ReactNode }) {
  const t = useDiffWords();
  const [open, setOpen] = useState(false);
  if (open) return rows.map(children);
  return (
    <Button block type="text" className={styles.fold} onClick={() => setOpen(true)}>
      {t("unchanged_n", { n: rows.length })}
    </Button>
  );
}

function Rows({ rows }: { rows: DiffRow[] }) {
  const t = useDiffWords();
  const [shown, setShown] = useState<"changes" | "all">("changes");
  const count = (kind: DiffRow["kind"]) => rows.filter((row) => row.kind === kind).length;
  const draw = (row: DiffRow, index: number) => <Row key={index} row={row} />;
  if (rows.every((row) => row.kind === "same")) return <State title={t("same")} hint={t("sameHint")} />;
  return (
    <>
      <div className={styles.summary}>
        <span>{t("summary", { changed: count("changed"), added: count("added"), removed: count("removed") })}</span>
        <Segmented
          size="small"
          value={shown}
          onChange={setShown}
          options={[
            { value: "changes", label: t("onlyChanges") },
            { value: "all", label: t("everything") },
          ]}
        />
      </div>
      <div className={styles.names} aria-hidden>
        <span>{t("before")}</span>
        <span>{t("after")}</span>
      </div>
      {shown === "all"
        ? rows.map(draw)
        : foldedRows(rows).map((part, index) =>
            part.folded ? (
              <Folded key={index} rows={part.rows}>
                {draw}
              </Folded>
            ) : (
              part.rows.map((row, inner) => <Row key={`${index}/${inner}`} row={row} />)
            ),
          )}
    </>
  );
}

export function DiffView({ versionId, against }: { versionId: string; against: string }) {
  const diff = useDiff(versionId, against);
  return (
    <Loaded query={diff} rows={10}>
      {({ rows }) => <Rows rows={rows} />}
    </Loaded>
  );
}
