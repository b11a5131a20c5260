/** A document: what it says of itself, its text, its versions and the questions answered from it. */
import { Tabs } from "antd";
import { Link, useParams, useSearchParams } from "react-router";
import { Page } from "@/blocks/Page";
import { Loaded } from "@/blocks/States";
import { Aside } from "./Aside";
import { CardFields } from "./CardFields";
import { useDocumentWords } from "./documentWords";
import { FaqPanel } from "./FaqPanel";
import { InForce } from "./InForce";
import { Links } from "./Links";
import { NewVersion } from "./NewVersion";
import { useDocument } from "./queries";
import { TextTab } from "./TextTab";
import type { DocumentCard, Version } from "./records";
import { StatusMark } from "./StatusMark";
import { VersionActs } from "./VersionActs";
import { Versions } from "./Versions";
import { useLibraryWords } from "./words";
import styles from "./document.module.css";

function standing(card: DocumentCard): Version | undefined {
  return card.versions.find(({ version_id }) => version_id === card.version_id);
}

function Newer({ card }: { card: DocumentCard }) {
  const t = useDocumentWords();
  const words = useLibraryWords();
  const shown = standing(card);
  const newer = card.versions.find(
    ({ ordinal, status }) => ordinal > (shown?.ordinal ?? 0) && ["draft", "in_review", "approved"].includes(status),
  );
  if (!newer) return null;
  return (
    <div className={styles.notice} role="status">
      {t("newVersionPending", { status: words(newer.status) })}
      <Link to={`/knowledge/documents/${card.id}?tab=versions`}>{t("see")}</Link>
    </div>
  );
}

function Content({ card }: { card: DocumentCard }) {
  const t = useDocumentWords();
  const [asked, setAsked] = useSearchParams();
  const tab = asked.get("tab") ?? "info";
  const version = standing(card);
  const description = (
    <span className={styles.sub}>
      <StatusMark status={card.status} from={version?.effective_from ?? null} until={version?.effective_to ?? null} />
      {version?.number ? <span>{version.number}</span> : null}
      <InForce from={version?.effective_from ?? null} until={version?.effective_to ?? null} />
      <Link to={`/knowledge?collection=${card.collection.id}`}>{card.collection.name}</Link>
    </span>
  );
  const info = (
    <div className={styles.columns}>
      <div>
        <CardFields card={card} />
        <Links card={card} />
      </div>
      <Aside card={card} />
    </div>
  );
  return (
    <Page
      title={card.title}
      description={description}
      actions={
        <>
          {card.may.includes("ingest") ? <NewVersion documentId={card.id} /> : null}
          {version ? <VersionActs card={card} version={version} primary /> : null}
        </>
      }
    >
      <Newer card={card} />
      <Tabs
        activeKey={tab}
        onChange={(key) => setAsked({ tab: key })}
        destroyOnHidden
        items={[
          { key: "info", label: t("info"), children: info },
          { key: "text", label: t("text"), children: <TextTab card={card} /> },
          { key: "versions", label: `${t("versions")} (${card.versions.length})`, children: <Versions card={card} /> },
          { key: "faq", label: `${t("questions")} (${card.faq.length})`, children: <FaqPanel card={card} /> },
        ]}
      />
    </Page>
  );
}

export function DocumentPage() {
  const { id = "" } = useParams();
  const [asked] = useSearchParams();
  const document = useDocument(id, asked.get("version") ?? "");
  return (
    <Loaded query={document} rows={10}>
      {(card) => <Content card={card} />}
    </Loaded>
  );
}
