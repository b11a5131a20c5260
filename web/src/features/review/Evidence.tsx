/** What a reviewer looks at: what changed, the particulars, and the text. */
import { Tabs } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { ReaderBody } from "@/blocks/reader/ReaderBody";
import { LocalTime } from "@/blocks/LocalTime";
import { Loaded } from "@/blocks/States";
import { CardFields } from "@/features/knowledge/CardFields";
import { DiffView } from "@/features/knowledge/DiffView";
import { Links } from "@/features/knowledge/Links";
import { useDocument } from "@/features/knowledge/queries";
import type { WaitingVersion } from "./records";
import { useReviewWords } from "./words";
import styles from "./review.module.css";

function Particulars({ item }: { item: WaitingVersion }) {
  const document = useDocument(item.version.document_id, item.version.version_id);
  return (
    <Loaded query={document}>
      {(card) => (
        <>
          <CardFields card={card} />
          <Links card={card} />
        </>
      )}
    </Loaded>
  );
}

export function Evidence({ item }: { item: WaitingVersion }) {
  const t = useReviewWords();
  const { version } = item;
  const isFirst = version.ordinal === 1;
  const [tab, setTab] = useState(isFirst ? "particulars" : "changes");
  const changes = { key: "changes", label: t("changes"), children: <DiffView versionId={version.version_id} against="" /> };
  const reader = (
    <div className={styles.reader}>
      <ReaderBody documentId={version.document_id} versionId={version.version_id} />
    </div>
  );
  return (
    <section className={styles.evidence} aria-label={version.title}>
      <h2>{version.title}</h2>
      <p className={styles.quiet}>
        {[version.number, isFirst ? t("first") : t("nth", { n: version.ordinal })].filter(Boolean).join(" · ")}
        {" · "}
        {item.submitted_by ? `${t("submittedBy", { name: item.submitted_by.name })} ` : ""}
        <LocalTime at={item.at} /> <Link to={`/knowledge/documents/${version.document_id}`}>{t("open")}</Link>
      </p>
      <Tabs
        activeKey={tab}
        onChange={setTab}
        destroyOnHidden
        items={[
          ...(isFirst ? [] : [changes]),
          { key: "particulars", label: t("particulars"), children: <Particulars item={item} /> },
          { key: "text", label: t("text"), children: reader },
        ]}
      />
    </section>
  );
}
