/** The text of a version: page images or typeset, with its outline. */
import { DownloadOutlined, MenuOutlined } from "@ant-design/icons";
import { Button, Popover, Segmented } from "antd";
import { useState } from "react";
import { Loaded } from "../States";
import { Clauses } from "./Clauses";
import { Pages } from "./Pages";
import { originalUrl, useText, type DocumentText, type Place } from "./records";
import styles from "./reader.module.css";
import { useReaderWords } from "./words";

interface ReaderBodyProps {
  documentId: string;
  versionId: string;
  /** Where to look first. */
  place?: Place;
}

type View = "paged" | "typeset";
interface Target {
  clauseId: number;
  page: number | null;
  turn: number;
}

function Outline({ text, onChoose }: { text: DocumentText; onChoose: (clauseId: number) => void }) {
  const t = useReaderWords();
  if (!text.outline.length) return <p className={styles.quiet}>{t("noOutline")}</p>;
  return (
    <ul className={styles.outline}>
      {text.outline.map((entry) => (
        <li key={`${entry.clause_id}-${entry.label}`} style={{ paddingLeft: entry.depth * 16 }}>
          <button type="button" onClick={() => onChoose(entry.clause_id)}>
            {entry.label}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Where a citation stands, by the clause itself when the citation does not say. */
function placed(text: DocumentText, place: Place | undefined): Place | undefined {
  if (!place) return undefined;
  const clause = text.clauses.find(({ clause_id }) => clause_id === place.clauseId);
  return { ...place, page: place.page ?? clause?.page, box: place.box ?? clause?.box };
}

function Text({ text, place }: { text: DocumentText; place?: Place }) {
  const t = useReaderWords();
  const where = placed(text, place);
  const [view, setView] = useState<View>(text.pages && (!place || where?.page) ? "paged" : "typeset");
  const [target, setTarget] = useState<Target>();
  const [open, setOpen] = useState(false);
  const choose = (clauseId: number) => {
    const clause = text.clauses.find(({ clause_id }) => clause_id === clauseId);
    setTarget({ clauseId, page: clause?.page ?? null, turn: (target?.turn ?? 0) + 1 });
    setOpen(false);
  };
  const targetPage = target?.page ? { page: target.page, turn: target.turn } : undefined;
  return (
    <div className={styles.body}>
      <div className={styles.tools}>
        <Popover
          trigger="click"
          placement="bottomLeft"
          open={open}
          onOpenChange={setOpen}
          content={<Outline text={text} onChoose={choose} />}
        >
          <Button size="small" icon={<MenuOutlined />}>
            {t("outline")}
          </Button>
        </Popover>
        {text.pages ? (
          <Segmented<View>
            size="small"
            aria-label={t("view")}
            value={view}
            onChange={setView}
            options={[
              { value: "paged", label: t("paged") },
              { value: "typeset", label: t("typeset") },
            ]}
          />
        ) : null}
        <span className={styles.grow} />
        <Button
          size="small"
          type="text"
          icon={<DownloadOutlined />}
          href={originalUrl(text.document_id, text.version_id)}
          aria-label={t("download")}
          title={t("download")}
        />
      </div>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={text.title}>
        {view === "paged" && text.pages ? (
          <Pages
            documentId={text.document_id}
            versionId={text.version_id}
            count={text.pages}
            place={where}
            target={targetPage}
          />
        ) : (
          <Clauses clauses={text.clauses} place={where} target={target} />
        )}
      </div>
    </div>
  );
}

export function ReaderBody({ documentId, versionId, place }: ReaderBodyProps) {
  const text = useText(documentId, versionId);
  return (
    <Loaded query={text} rows={12}>
      {(loaded) => <Text key={`${versionId}-${place?.clauseId ?? place?.page ?? ""}`} text={loaded} place={place} />}
    </Loaded>
  );
}
