/** What stands around a document: its versions, relations, who may see it, what was answered from it. */
import { Link } from "react-router";
import { Mark } from "../Mark";
import type { ReaderDocument, ReaderLink } from "./records";
import styles from "./reader.module.css";
import { useReaderWords } from "./words";

const RELATIONS = {
  supersedes: { out: "supersedesOut", in: "supersedesIn" },
  amends: { out: "amendsOut", in: "amendsIn" },
  repeals: { out: "repealsOut", in: "repealsIn" },
} as const;

/** “2024-07-01 起施行”. */
export function InForceWords({ from, to }: { from: string | null; to: string | null }) {
  const t = useReaderWords();
  if (from && to) return <>{t("fromTo", { from, to })}</>;
  if (from) return <>{t("from", { from })}</>;
  return to ? <>{t("until", { to })}</> : null;
}

function Relation({ link }: { link: ReaderLink }) {
  const t = useReaderWords();
  const title = `《${link.title.replace(/^《|》$/g, "")}》${link.number}${link.articles.join("、")}`;
  return (
    <li>
      {t(RELATIONS[link.relation][link.direction])}{" "}
      {link.document_id ? <Link to={`/knowledge/documents/${link.document_id}`}>{title}</Link> : title}
      {link.document_id ? null : <Mark>{t("notInLibrary")}</Mark>}
    </li>
  );
}

export function About({ document }: { document: ReaderDocument }) {
  const t = useReaderWords();
  const readers = document.who_may_see.filter(({ action }) => action === "read");
  return (
    <div className={styles.about}>
      <h3>{t("version")}</h3>
      <ul>
        {document.versions.map((version) => (
          <li key={version.version_id}>
            {t("versionOf", { n: version.ordinal })} {version.number} ·{" "}
            <InForceWords from={version.effective_from} to={version.effective_to} />{" "}
            {version.version_id === document.version_id ? <Mark tone="ink">{t("current")}</Mark> : null}
          </li>
        ))}
      </ul>
      <h3>{t("links")}</h3>
      <ul>
        {document.links.length ? (
          document.links.map((link) => <Relation key={`${link.id}-${link.direction}`} link={link} />)
        ) : (
          <li className={styles.quiet}>{t("noLinks")}</li>
        )}
      </ul>
      <h3>{t("owner")}</h3>
      <ul>
        <li>{document.owner?.name ?? t("noOwner")}</li>
        {document.review_on ? <li>{t("reviewOn", { on: document.review_on })}</li> : null}
      </ul>
      <h3>{t("whoMaySee")}</h3>
      <ul>
        {readers.length ? (
          readers.map(({ holder, effect }) => (
            <li key={`${holder.kind}-${holder.id}-${effect}`}>
              {effect === "deny" ? t("denied", { name: holder.name }) : holder.name}
            </li>
          ))
        ) : (
          <li>{t("everyone", { name: document.collection.name })}</li>
        )}
      </ul>
      {document.faq.length ? (
        <>
          <h3>{t("answered")}</h3>
          <ul>
            {document.faq.map((one) => (
              <li key={one.id}>{one.question}</li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
