/** The home page: one large question box, what waits for me, what changed, what I used last. */
import { useEffect, type ReactNode } from "react";
import { Link } from "react-router";
import { usePerson } from "@/api/session";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark, type Tone } from "@/blocks/Mark";
import { useIsPhone } from "@/blocks/narrow";
import { Loaded } from "@/blocks/States";
import { useBegin } from "@/features/chat/begin";
import { QuestionBox } from "@/features/chat/QuestionBox";
import { useHome, type Changed, type Home, type Waiting } from "./api";
import styles from "./home.module.css";
import { useHomeWords } from "./words";

const TONES: Record<NonNullable<Changed["change"]>, Tone> = {
  new: "ink",
  amended: "needs",
  superseded: "plain",
  repealed: "plain",
};

function Part({ title, count, to, children }: { title: string; count?: number; to?: string; children: ReactNode }) {
  const t = useHomeWords();
  return (
    <section className={styles.part} aria-label={title}>
      <header>
        <h2>
          {title}
          {count ? <span className={styles.count}>{count}</span> : null}
        </h2>
        {to ? <Link to={to}>{t("all")}</Link> : null}
      </header>
      {children}
    </section>
  );
}

function Rows({ rows, to, mark }: { rows: Waiting[]; to: (row: Waiting) => string; mark: string }) {
  const t = useHomeWords();
  return rows.map((row) => (
    <li key={`${mark}-${row.version_id}`}>
      <Mark tone="needs">{mark}</Mark>
      <Link to={to(row)}>{row.title}</Link>
      <span className={styles.meta}>
        {row.by ? t("by", { name: row.by.name }) : null}
        {row.review_on ? t("dueOn", { on: row.review_on }) : null}
        {row.at ? <LocalTime at={row.at} /> : null}
      </span>
    </li>
  ));
}

function WaitingPart({ to_review = [], to_confirm = [], overdue = [] }: Partial<Home>) {
  const t = useHomeWords();
  const count = to_review.length + to_confirm.length + overdue.length;
  const toDocument = (row: Waiting) => `/knowledge/documents/${row.document_id}`;
  return (
    <Part title={t("waiting")} count={count} to={to_review.length ? "/review" : undefined}>
      {count ? (
        <ul>
          <Rows rows={to_review} to={(row) => `/review?version=${row.version_id}`} mark={t("toReview")} />
          <Rows rows={to_confirm} to={toDocument} mark={t("toConfirm")} />
          <Rows rows={overdue} to={toDocument} mark={t("overdue")} />
        </ul>
      ) : (
        <p>{t("nothingWaits")}</p>
      )}
    </Part>
  );
}

function ChangedPart({ changed = [] }: Partial<Home>) {
  const t = useHomeWords();
  return (
    <Part title={t("changed")}>
      {changed.length ? (
        <ul>
          {changed.map((row) => (
            <li key={row.version_id}>
              {row.change ? <Mark tone={TONES[row.change]}>{t(row.change)}</Mark> : null}
              <Link to={`/knowledge/documents/${row.document_id}`}>
                {row.title} {row.number}
              </Link>
              <span className={styles.meta}>
                {row.on ? t("on", { on: row.on }) : null}
                {row.concerns ? ` · ${t("concerns", { what: row.concerns })}` : null}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p>{t("nothingChanged")}</p>
      )}
    </Part>
  );
}

function RecentPart({ recent: all = [] }: Partial<Home>) {
  const t = useHomeWords();
  const recent = all.filter(({ turns }) => turns > 0);
  return (
    <Part title={t("recent")} to={recent.length ? "/chat" : undefined}>
      {recent.length ? (
        <ul>
          {recent.map((row) => (
            <li key={row.id}>
              <Link to={`/chat/${row.id}`}>{row.title}</Link>
              <span className={styles.meta}>
                <LocalTime at={row.updated_at} />
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p>{t("noRecent")}</p>
      )}
    </Part>
  );
}

export default function HomePage() {
  const t = useHomeWords();
  const phone = useIsPhone();
  const person = usePerson();
  const home = useHome();
  const { begin, beginning } = useBegin();
  useEffect(() => {
    document.title = `${t("title")} · 银枢`;
  }, [t]);
  return (
    <div className={styles.home}>
      <h1>{t("hello", { name: person.name })}</h1>
      <QuestionBox
        large
        autoFocus={!phone}
        draftKey="home"
        onAsk={begin}
        onStop={beginning ? () => undefined : undefined}
      />
      <Loaded query={home} rows={6}>
        {(data) => (
          <div className={styles.parts}>
            <div>
              <WaitingPart {...data} />
              <RecentPart {...data} />
            </div>
            <ChangedPart {...data} />
          </div>
        )}
      </Loaded>
    </div>
  );
}
