/** The reader beside an answer: what the document is, its text at the cited place, and what stands around it. */
import { CloseOutlined, ExportOutlined, InfoCircleOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { LinkButton } from "../LinkButton";
import { Mark } from "../Mark";
import { Loaded } from "../States";
import { About, InForceWords } from "./About";
import { ReaderBody } from "./ReaderBody";
import { useReaderDocument, type Place, type ReaderDocument } from "./records";
import styles from "./reader.module.css";
import { useReaderWords } from "./words";

interface ReaderProps {
  documentId: string;
  versionId: string;
  place?: Place;
  onClose: () => void;
}

function Facts({ document, versionId }: { document: ReaderDocument; versionId: string }) {
  const t = useReaderWords();
  const version = document.versions.find(({ version_id }) => version_id === versionId);
  if (!version) return null;
  const level = `level_${document.level}` as Parameters<typeof t>[0];
  return (
    <div className={styles.facts}>
      {version.number ? <span>{version.number}</span> : null}
      <span>
        <InForceWords from={version.effective_from} to={version.effective_to} />
      </span>
      <Mark>{t(level)}</Mark>
    </div>
  );
}

export function Reader({ documentId, versionId, place, onClose }: ReaderProps) {
  const t = useReaderWords();
  const document = useReaderDocument(documentId);
  const [about, setAbout] = useState(false);
  return (
    <section className={styles.panel} aria-label={t("reader")}>
      <div className={styles.head}>
        <div className={styles.title}>
          <h2>{document.data?.title ?? t("reader")}</h2>
          {document.data ? <Facts document={document.data} versionId={versionId} /> : null}
        </div>
        <Button
          type={about ? "default" : "text"}
          icon={<InfoCircleOutlined />}
          aria-label={t("about")}
          aria-pressed={about}
          title={t("about")}
          onClick={() => setAbout(!about)}
        />
        <LinkButton
          to={`/knowledge/documents/${documentId}`}
          type="text"
          icon={<ExportOutlined />}
          aria-label={t("openDocument")}
          title={t("openDocument")}
        />
        <Button type="text" icon={<CloseOutlined />} aria-label={t("close")} title={t("close")} onClick={onClose} />
      </div>
      <Loaded query={document} rows={8}>
        {(loaded) =>
          about ? <About document={loaded} /> : <ReaderBody documentId={documentId} versionId={versionId} place={place} />
        }
      </Loaded>
    </section>
  );
}
