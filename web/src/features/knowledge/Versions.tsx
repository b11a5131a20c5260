/** The versions of a document, newest first, each with what became of it. */
import { Button } from "antd";
import { Link } from "react-router";
import { LocalTime } from "@/blocks/LocalTime";
import { useDocumentWords } from "./documentWords";
import { InForce } from "./InForce";
import type { DocumentCard, Version } from "./records";
import { StatusMark } from "./StatusMark";
import { VersionActs } from "./VersionActs";
import styles from "./document.module.css";

function OneVersion({ card, version, older }: { card: DocumentCard; version: Version; older: Version | undefined }) {
  const t = useDocumentWords();
  return (
    <li className={styles.version}>
      <strong>{t("ordinal", { n: version.ordinal })}</strong>
      <StatusMark status={version.status} from={version.effective_from} until={version.effective_to} />
      <InForce from={version.effective_from} until={version.effective_to} />
      {version.publish_on ? <span>{t("waitsFor", { day: version.publish_on })}</span> : null}
      <span className={styles.dim}>
        {version.created_by ? `${t("uploadedBy", { name: version.created_by.name })} ` : ""}
        <LocalTime at={version.created_at} />
      </span>
      {version.from_ocr ? <span className={styles.late}>{t("ocr")}</span> : null}
      {version.version_id === card.version_id ? <span className={styles.dim}>{t("current")}</span> : null}
      <span className={styles.acts}>
        <Link to={`/knowledge/documents/${card.id}?tab=text&version=${version.version_id}`}>{t("read")}</Link>
        {older ? (
          <Link to={`/knowledge/documents/${card.id}/diff?version=${version.version_id}&against=${older.version_id}`}>
            {t("compare")}
          </Link>
        ) : null}
        <Button
          type="link"
          size="small"
          href={`/api/knowledge/documents/${card.id}/versions/${version.version_id}/original`}
          download
        >
          {t("download")}
        </Button>
        <VersionActs card={card} version={version} />
      </span>
      {version.warnings.length ? (
        <details style={{ flexBasis: "100%" }}>
          <summary className={styles.dim}>{`${t("warnings")} (${version.warnings.length})`}</summary>
          <ul>
            {version.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </li>
  );
}

export function Versions({ card }: { card: DocumentCard }) {
  const sorted = [...card.versions].sort((one, other) => other.ordinal - one.ordinal);
  return (
    <section className={styles.block}>
      <ul className={styles.list}>
        {sorted.map((version, index) => (
          <OneVersion key={version.version_id} card={card} version={version} older={sorted[index + 1]} />
        ))}
      </ul>
    </section>
  );
}
