/** Questions with their answers, sources and standing. */
import { App, Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { Mark } from "@/blocks/Mark";
import { FaqEditor } from "./FaqEditor";
import { useFaqWords } from "./faqWords";
import { useChange } from "./queries";
import type { Faq } from "./records";
import styles from "./document.module.css";

function Sources({ faq }: { faq: Faq }) {
  return (
    <ul className={styles.list}>
      {faq.citations.map((source) => (
        <li key={source.clause_id} className={styles.dim}>
          <Link to={`/knowledge/documents/${source.document_id}?tab=text&clause=${source.clause_id}`} title={source.quote}>
            {[source.document, source.article].filter(Boolean).join(" › ")}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Standing({ faq }: { faq: Faq }) {
  const t = useFaqWords();
  const { expired } = faq;
  return (
    <span className={styles.sub}>
      {faq.pinned ? <Mark tone="ink">{t("pinnedMark")}</Mark> : null}
      {expired ? <Mark tone="needs">{t("expired")}</Mark> : null}
      {faq.stale_reason ? <Mark tone="needs">{t("stale", { reason: faq.stale_reason })}</Mark> : null}
      {faq.owner ? <span className={styles.dim}>{faq.owner.name}</span> : null}
      {faq.expires_on && !expired ? <span className={styles.dim}>{`${t("expires")} ${faq.expires_on}`}</span> : null}
    </span>
  );
}

export function FaqList({ items, mayChange }: { items: Faq[]; mayChange: boolean }) {
  const t = useFaqWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const [editing, setEditing] = useState<Faq | null>(null);
  const remove = useChange((id: string) => api.remove<unknown>(`/knowledge/faq/${id}`));
  const askRemove = (faq: Faq) =>
    ask({
      title: t("removeTitle"),
      consequence: t("removeHint", { question: faq.question }),
      verb: t("remove"),
      act: () =>
        remove.mutateAsync(faq.id).then(
          () => message.success(t("removed")),
          (error: unknown) => message.error(messageOf(error)),
        ),
    });
  return (
    <>
      <ul className={styles.list}>
        {items.map((faq) => (
          <li key={faq.id} className={styles.block}>
            <h2>
              <span>{faq.question}</span>
              {mayChange ? (
                <span className={styles.acts}>
                  <Button type="link" size="small" onClick={() => setEditing(faq)}>
                    {t("edit")}
                  </Button>
                  <Button type="link" size="small" danger onClick={() => askRemove(faq)}>
                    {t("remove")}
                  </Button>
                </span>
              ) : null}
            </h2>
            <p style={{ margin: "0 0 8px", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{faq.answer}</p>
            <Sources faq={faq} />
            <Standing faq={faq} />
          </li>
        ))}
      </ul>
      {editing ? <FaqEditor faq={editing} collectionId={editing.collection_id} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
