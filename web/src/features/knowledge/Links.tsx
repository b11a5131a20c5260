/** What this document says of others and others of it, with the sentence it was read from. */
import { App, Button } from "antd";
import { Link as To } from "react-router";
import { messageOf } from "@/api/client";
import { Mark } from "@/blocks/Mark";
import { useDocumentWords } from "./documentWords";
import { useLinkDecision } from "./queries";
import type { DocumentCard, Link } from "./records";
import styles from "./document.module.css";

function Other({ link }: { link: Link }) {
  const t = useDocumentWords();
  const name = [`《${link.title.replace(/^《|》$/g, "")}》`, link.number].filter(Boolean).join("");
  if (link.document_id) return <To to={`/knowledge/documents/${link.document_id}`}>{name}</To>;
  return (
    <>
      {name} <span className={styles.dim}>{t("notHere")}</span>
    </>
  );
}

function OneLink({ link, mayChange }: { link: Link; mayChange: boolean }) {
  const t = useDocumentWords();
  const { message } = App.useApp();
  const decide = useLinkDecision();
  const settle = (keep: boolean) =>
    decide.mutate(
      { id: link.id, keep },
      {
        onSuccess: ({ waiting }) =>
          void message.success(t(waiting.length ? "waitsForSecond" : keep ? "linkConfirmed" : "linkRefused")),
        onError: (error) => void message.error(messageOf(error)),
      },
    );
  const proposed = link.mark === "machine_proposed";
  return (
    <li className={styles.link}>
      <div className={styles.sub}>
        <Mark tone="ink">{t(`${link.relation}_${link.direction}`)}</Mark>
        <Other link={link} />
        {link.articles.length ? <span>{link.articles.join("、")}</span> : null}
        {link.effective_on ? <span className={styles.dim}>{t("since", { day: link.effective_on })}</span> : null}
        <Mark tone={proposed ? "needs" : "verified"}>{t(proposed ? "machine" : "confirmed")}</Mark>
        {mayChange && link.direction === "out" && proposed ? (
          <span>
            <Button type="link" size="small" loading={decide.isPending} onClick={() => settle(true)}>
              {t("confirm")}
            </Button>
            <Button type="link" size="small" danger disabled={decide.isPending} onClick={() => settle(false)}>
              {t("wrongLink")}
            </Button>
          </span>
        ) : null}
      </div>
      <blockquote>{link.quote}</blockquote>
    </li>
  );
}

export function Links({ card }: { card: DocumentCard }) {
  const t = useDocumentWords();
  const mayChange = card.may.includes("ingest") || card.may.includes("manage");
  return (
    <section className={styles.block}>
      <h2>{t("links")}</h2>
      {card.links.length ? (
        <ul className={styles.list}>
          {card.links.map((link) => (
            <OneLink key={link.id} link={link} mayChange={mayChange} />
          ))}
        </ul>
      ) : (
        <p className={styles.hint}>{t("noLinks")}</p>
      )}
    </section>
  );
}
