/** Beside a document: who may see it, who answers for it, and where it lies. */
import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { dayOf } from "@/blocks/LocalTime";
import { GrantsDrawer } from "@/features/admin/GrantsDrawer";
import { useDocumentWords } from "./documentWords";
import { Ownership } from "./Ownership";
import type { DocumentCard } from "./records";
import styles from "./document.module.css";

type Who = DocumentCard["who_may_see"][number];

/** One line a holder: what they may and what they may not. */
function holdersOf(grants: Who[]): { key: string; kind: string; name: string; allowed: string[]; denied: string[] }[] {
  const lines = new Map<string, { key: string; kind: string; name: string; allowed: string[]; denied: string[] }>();
  for (const { holder, action, effect } of grants) {
    const key = `${holder.kind}/${holder.id}`;
    const line = lines.get(key) ?? { key, kind: holder.kind, name: holder.name, allowed: [], denied: [] };
    const side = effect === "allow" ? line.allowed : line.denied;
    if (!side.includes(action)) side.push(action);
    lines.set(key, line);
  }
  return [...lines.values()];
}

function WhoSees({ card }: { card: DocumentCard }) {
  const t = useDocumentWords();
  const [granting, setGranting] = useState(false);
  const actions = (names: string[]) => names.map((name) => t(`may_${name}` as "may_read")).join("、");
  const lines = holdersOf(card.who_may_see);
  return (
    <section className={styles.block}>
      <h2>
        {t("whoSees")}
        {card.may.includes("manage") && card.collection.kind !== "personal" ? (
          <Button type="link" size="small" onClick={() => setGranting(true)}>
            {t("edit")}
          </Button>
        ) : null}
      </h2>
      {lines.length ? (
        <ul className={styles.list}>
          {lines.map((line) => (
            <li key={line.key} style={{ padding: "4px 0" }}>
              <span className={styles.dim}>{t(`who_${line.kind}` as "who_person")}</span> {line.name}
              {line.allowed.length ? ` ${t("allow")} ${actions(line.allowed)}` : ""}
              {line.denied.length ? ` ${t("deny")} ${actions(line.denied)}` : ""}
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.hint}>{t("whoSeesNone")}</p>
      )}
      <GrantsDrawer
        open={granting}
        resource={{ kind: "document", id: card.id, name: card.title }}
        onClose={() => setGranting(false)}
      />
    </section>
  );
}

function Answering({ card }: { card: DocumentCard }) {
  const t = useDocumentWords();
  const [editing, setEditing] = useState(false);
  const late = card.review_on !== null && card.review_on < dayOf(new Date());
  return (
    <section className={styles.block}>
      <dl className={styles.facts}>
        <dt>{t("owner")}</dt>
        <dd>{card.owner?.name ?? <span className={styles.dim}>{t("noOwner")}</span>}</dd>
        <dt>{t("reviewOn")}</dt>
        <dd className={late ? styles.late : undefined}>
          {card.review_on ?? <span className={styles.dim}>{t("noReview")}</span>} {late ? t("overdue") : null}
        </dd>
        <dt>{t("level")}</dt>
        <dd>{t(card.level)}</dd>
        <dt>{t("collection")}</dt>
        <dd>
          <Link to={`/knowledge?collection=${card.collection.id}`}>{card.collection.name}</Link>
        </dd>
        <dt>{t("file")}</dt>
        <dd>{card.file}</dd>
      </dl>
      {card.may.includes("manage") || card.may.includes("ingest") ? (
        <Button size="small" style={{ marginTop: 12 }} onClick={() => setEditing(true)}>
          {t("edit")}
        </Button>
      ) : null}
      {editing ? <Ownership card={card} onClose={() => setEditing(false)} /> : null}
    </section>
  );
}

export function Aside({ card }: { card: DocumentCard }) {
  return (
    <aside>
      <Answering card={card} />
      <WhoSees card={card} />
    </aside>
  );
}
