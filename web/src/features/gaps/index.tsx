/** What the library lacks, in four lists, each with the next step. */
import { App, Button, Tabs } from "antd";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { api, messageOf } from "@/api/client";
import { LinkButton } from "@/blocks/LinkButton";
import { dayOf, LocalTime } from "@/blocks/LocalTime";
import { Mark } from "@/blocks/Mark";
import { Page } from "@/blocks/Page";
import { Loaded, State } from "@/blocks/States";
import { FaqEditor } from "@/features/knowledge/FaqEditor";
import { useChange, useCollections } from "@/features/knowledge/queries";
import { Conflicts } from "./Conflicts";
import { useGaps, type Overdue, type Unanswered, type Wrong } from "./records";
import { useGapsWords } from "./words";
import styles from "./gaps.module.css";

const DAY_MS = 86_400_000;

/** Whole days from `day` until `today`, both YYYY-MM-DD. */
export function daysBetween(day: string, today: string): number {
  return Math.round((Date.parse(today) - Date.parse(day)) / DAY_MS);
}

function UnansweredList({ items }: { items: Unanswered[] }) {
  const t = useGapsWords();
  const target = useCollections().data?.find(({ may }) => may.includes("ingest"));
  const [answering, setAnswering] = useState("");
  if (items.length === 0) return <State title={t("noUnanswered")} hint={t("noUnansweredHint")} />;
  return (
    <>
      <ul className={styles.list}>
        {items.map((one) => (
          <li key={one.cluster} className={styles.one}>
            <div className={styles.row}>
              <h2>{one.example}</h2>
              <span>
                {target ? (
                  <Button type="link" size="small" onClick={() => setAnswering(one.example)}>
                    {t("write")}
                  </Button>
                ) : null}
                <Link to="/knowledge">{t("uploadIt")}</Link>
              </span>
            </div>
            <p className={styles.quiet}>
              {t("asked", { n: one.count })} · {t("last")} <LocalTime at={one.asked_last} />
            </p>
            {one.questions.length > 1 ? (
              <details>
                <summary className={styles.quiet}>{`${t("alike")} (${one.questions.length})`}</summary>
                <ul>
                  {one.questions.map((question) => (
                    <li key={question}>{question}</li>
                  ))}
                </ul>
              </details>
            ) : null}
          </li>
        ))}
      </ul>
      {answering && target ? (
        <FaqEditor faq={null} question={answering} collectionId={target.id} onClose={() => setAnswering("")} />
      ) : null}
    </>
  );
}

function OverdueList({ items }: { items: Overdue[] }) {
  const t = useGapsWords();
  if (items.length === 0) return <State title={t("noOverdue")} hint={t("noOverdueHint")} />;
  const today = dayOf(new Date());
  return (
    <ul className={styles.list}>
      {items.map((one) => (
        <li key={one.document_id} className={styles.one}>
          <div className={styles.row}>
            <h2>{one.title}</h2>
            <LinkButton size="small" to={`/knowledge/documents/${one.document_id}`}>
              {t("open")}
            </LinkButton>
          </div>
          <p className={styles.quiet}>
            {one.number ? `${one.number} · ` : ""}
            {one.owner ? t("owner", { name: one.owner.name }) : t("noOwner")} ·{" "}
            <span className={styles.late}>{t("overdueDays", { n: daysBetween(one.review_on, today) })}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

function WrongList({ items }: { items: Wrong[] }) {
  const t = useGapsWords();
  const { message } = App.useApp();
  const settle = useChange((id: string) => api.post<unknown>(`/knowledge/feedback/${id}/settle`, { comment: "" }));
  if (items.length === 0) return <State title={t("noWrong")} hint={t("noWrongHint")} />;
  const done = (id: string) =>
    settle.mutate(id, {
      onSuccess: () => void message.success(t("settled")),
      onError: (error) => void message.error(messageOf(error)),
    });
  return (
    <ul className={styles.list}>
      {items.map((one) => (
        <li key={one.id} className={styles.one}>
          <div className={styles.row}>
            <h2>{one.question}</h2>
            <Button size="small" onClick={() => done(one.id)}>
              {t("settle")}
            </Button>
          </div>
          <p className={styles.quiet}>
            <Mark tone={one.verdict === "wrong" ? "danger" : "needs"}>{t(`verdict_${one.verdict}`)}</Mark>{" "}
            {one.person ? t("by", { name: one.person.name }) : ""} <LocalTime at={one.at} />
          </p>
          {one.comment ? <p style={{ margin: "4px 0 0" }}>{one.comment}</p> : null}
        </li>
      ))}
    </ul>
  );
}

export default function Gaps() {
  const t = useGapsWords();
  const gaps = useGaps();
  const [asked, setAsked] = useSearchParams();
  const label = (key: "unanswered" | "conflicts" | "overdue" | "wrong", count: number) => `${t(key)} (${count})`;
  return (
    <Page title={t("title")} description={t("description")} width="reading">
      <Loaded query={gaps} rows={8}>
        {({ unanswered, conflicts, overdue, wrong }) => (
          <Tabs
            activeKey={asked.get("list") ?? "unanswered"}
            onChange={(list) => setAsked({ list })}
            items={[
              { key: "unanswered", label: label("unanswered", unanswered.length), children: <UnansweredList items={unanswered} /> },
              { key: "conflicts", label: label("conflicts", conflicts.length), children: <Conflicts items={conflicts} /> },
              { key: "overdue", label: label("overdue", overdue.length), children: <OverdueList items={overdue} /> },
              { key: "wrong", label: label("wrong", wrong.length), children: <WrongList items={wrong} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
