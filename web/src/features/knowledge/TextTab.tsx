/** The text of one version, at the place that the address names. */
import { useSearchParams } from "react-router";
import { ReaderBody } from "@/blocks/reader/ReaderBody";
import type { DocumentCard } from "./records";
import styles from "./document.module.css";

export function TextTab({ card }: { card: DocumentCard }) {
  const [asked] = useSearchParams();
  const versionId = asked.get("version") ?? card.version_id;
  const clauseId = Number(asked.get("clause"));
  return (
    <div className={styles.reader}>
      <ReaderBody documentId={card.id} versionId={versionId} place={clauseId ? { clauseId } : undefined} />
    </div>
  );
}
