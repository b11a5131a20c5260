/** The sources of an answer as compact rows; hovering shows the clause, clicking opens it. */
import { Popover } from "antd";
import { useState } from "react";
import type { Citation } from "@/api/answers";
import { Mark } from "@/blocks/Mark";
import { useIsPhone } from "@/blocks/narrow";
import styles from "./answer.module.css";
import { useChatWords } from "./words";

interface SourcesProps {
  title: string;
  note?: string;
  sources: Citation[];
  onOpen: (source: Citation) => void;
  /** The number of the source that stands open in the reader. */
  opened?: number;
  numbered?: boolean;
}

const ROWS_SHOWN = 4;

function Standing({ source }: { source: Citation }) {
  const t = useChatWords();
  const today = new Date().toISOString().slice(0, 10);
  if (source.uploaded) return <Mark>{t("uploadedSource")}</Mark>;
  if (!source.in_force) {
    const later = source.effective_from && source.effective_from > today;
    return <Mark tone="needs">{later ? t("notYet", { from: source.effective_from ?? "" }) : t("notInForce")}</Mark>;
  }
  return <span>{source.effective_from ? t("since", { from: source.effective_from }) : ""}</span>;
}

function Row({ source, numbered, opened, onOpen }: { source: Citation } & Omit<SourcesProps, "sources" | "title">) {
  const t = useChatWords();
  const phone = useIsPhone();
  const closed = source.may_open === false;
  const row = (
    <button
      type="button"
      className={`${styles.source} ${opened === source.n ? styles.open : ""}`}
      disabled={closed}
      title={closed && !source.uploaded ? t("mayNotOpen") : undefined}
      onClick={() => onOpen(source)}
    >
      {numbered ? <span className={styles.number}>{source.n}</span> : null}
      <span className={styles.name}>
        {source.document}
        {source.article ? <span className={styles.article}> › {source.article}</span> : null}
      </span>
      <span className={styles.meta}>
        <Standing source={source} />
        {source.page ? <span>{t("page", { n: source.page })}</span> : null}
      </span>
    </button>
  );
  if (phone) return row;
  return (
    <Popover
      content={<div className={styles.clause}>{source.quote}</div>}
      title={`${source.document} ${source.article}`}
      mouseEnterDelay={0.3}
      placement="top"
    >
      {row}
    </Popover>
  );
}

export function Sources({ title, note, sources, ...rest }: SourcesProps) {
  const t = useChatWords();
  const [all, setAll] = useState(false);
  if (!sources.length) return null;
  const shown = all ? sources : sources.slice(0, ROWS_SHOWN);
  const hidden = sources.length - ROWS_SHOWN;
  return (
    <section className={styles.sources} aria-label={title}>
      <h3>{title}</h3>
      {note ? <p className={styles.note}>{note}</p> : null}
      <ul>
        {shown.map((source, index) => (
          <li key={`${source.n}-${source.clause_id ?? index}`}>
            <Row source={source} {...rest} />
          </li>
        ))}
      </ul>
      {hidden > 0 ? (
        <button type="button" className={styles.more} onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? t("fewerSources") : t("moreSources", { n: hidden })}
        </button>
      ) : null}
    </section>
  );
}
