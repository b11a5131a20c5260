/** Corrections of what is in force, waiting for a second person. */
import { App, Button } from "antd";
import { Link } from "react-router";
import { api, messageOf } from "@/api/client";
import { LocalTime } from "@/blocks/LocalTime";
import { useDocumentWords } from "@/features/knowledge/documentWords";
import { useChange } from "@/features/knowledge/queries";
import { FIELD_NAMES, type FieldName } from "@/features/knowledge/records";
import type { Correction } from "./records";
import { useReviewWords } from "./words";
import styles from "./review.module.css";

/** A value of any shape in words. */
export function said(value: unknown, nothing: string): string {
  if (value === null || value === undefined || value === "") return nothing;
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.map((one) => said(one, nothing)).join("、") || nothing;
  return Object.values(value).map((one) => said(one, "")).filter(Boolean).join("；") || nothing;
}

function OneCorrection({ correction }: { correction: Correction }) {
  const t = useReviewWords();
  const words = useDocumentWords();
  const { message } = App.useApp();
  const decide = useChange((accept: boolean) =>
    api.post<unknown>(`/knowledge/corrections/${correction.id}/${accept ? "approve" : "return"}`, { comment: "" }),
  );
  const settle = (accept: boolean) => decide.mutate(accept, { onError: (error) => void message.error(messageOf(error)) });
  const isField = (FIELD_NAMES as readonly string[]).includes(correction.target);
  const name = isField ? words(correction.target as FieldName) : t("link");
  return (
    <li style={{ padding: "12px 0", borderTop: "1px solid var(--line)" }}>
      <strong>{t("correctionOf", { name })}</strong>{" "}
      <Link to={`/knowledge/documents/${correction.document_id}`} style={{ textDecoration: "underline" }}>{correction.title}</Link>
      <dl className={styles.facts}>
        <dt>{t("before")}</dt>
        <dd>{said(correction.before, t("nothing"))}</dd>
        <dt>{t("after")}</dt>
        <dd>{said(correction.after, t("nothing"))}</dd>
      </dl>
      <p className={styles.quiet}>
        {correction.proposed_by ? `${t("submittedBy", { name: correction.proposed_by.name })} ` : ""}
        <LocalTime at={correction.at} />
        {correction.comment ? ` ${correction.comment}` : ""}
      </p>
      {correction.waiting_for_me ? (
        <span style={{ display: "flex", gap: 8, marginTop: 8 }}>
          <Button type="primary" size="small" loading={decide.isPending} onClick={() => settle(true)}>
            {t("accept")}
          </Button>
          <Button size="small" disabled={decide.isPending} onClick={() => settle(false)}>
            {t("refuse")}
          </Button>
        </span>
      ) : (
        <p className={styles.quiet}>
          {t("ownCorrection")}{" "}
          <Button size="small" type="link" onClick={() => settle(false)}>
            {t("take")}
          </Button>
        </p>
      )}
    </li>
  );
}

export function Corrections({ corrections }: { corrections: Correction[] }) {
  const t = useReviewWords();
  return (
    <section className={styles.evidence} aria-label={t("corrections")} style={{ gridColumn: "2 / -1" }}>
      <h2>{t("corrections")}</h2>
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {corrections.map((correction) => (
          <OneCorrection key={correction.id} correction={correction} />
        ))}
      </ul>
    </section>
  );
}
