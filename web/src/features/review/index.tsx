/** The queue of versions that wait for a second pair of eyes: list, evidence, decision. */
import { Button, Segmented } from "antd";
import { useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { useKeys } from "@/blocks/keys";
import { LocalTime } from "@/blocks/LocalTime";
import { useIsPhone } from "@/blocks/narrow";
import { Page } from "@/blocks/Page";
import { Loaded, State } from "@/blocks/States";
import { Corrections } from "./Corrections";
import { Decision } from "./Decision";
import { useDeciding } from "./deciding";
import { Evidence } from "./Evidence";
import { useReviews, type ReviewQueue, type WaitingVersion } from "./records";
import { useReviewWords } from "./words";
import styles from "./review.module.css";

const CORRECTIONS = "corrections";

interface QueueProps {
  items: WaitingVersion[];
  corrections: number;
  chosen: string;
  done: number;
  onChoose: (id: string) => void;
}

function Queue({ items, corrections, chosen, done, onChoose }: QueueProps) {
  const t = useReviewWords();
  const entry = (id: string, title: string, small: React.ReactNode) => (
    <li key={id}>
      <button
        type="button"
        className={`${styles.one} ${id === chosen ? styles.chosen : ""}`}
        aria-current={id === chosen ? "true" : undefined}
        onClick={() => onChoose(id)}
      >
        <strong>{title}</strong>
        <small>{small}</small>
      </button>
    </li>
  );
  return (
    <nav className={styles.queue} aria-label={t("queue")}>
      {done ? <div className={styles.heading}>{t("progress", { done, left: items.length })}</div> : null}
      <ul>
        {items.map(({ version, submitted_by, at }) =>
          entry(
            version.version_id,
            version.title,
            <>
              {version.ordinal === 1 ? t("first") : t("nth", { n: version.ordinal })} · {submitted_by?.name} · <LocalTime at={at} />
            </>,
          ),
        )}
        {corrections ? entry(CORRECTIONS, t("corrections"), corrections) : null}
      </ul>
    </nav>
  );
}

function Desk({ queue, onlyMine }: { queue: ReviewQueue; onlyMine: boolean }) {
  const t = useReviewWords();
  const phone = useIsPhone();
  const [asked, setAsked] = useSearchParams();
  const { decided, decide } = useDeciding();
  const [done, setDone] = useState(0);
  const items = queue.items.filter(({ version, waiting_for_me }) => (!onlyMine || waiting_for_me) && !decided.has(version.version_id));
  const corrections = queue.corrections.filter(({ waiting_for_me }) => !onlyMine || waiting_for_me);
  const ids = [...items.map(({ version }) => version.version_id), ...(corrections.length ? [CORRECTIONS] : [])];
  const wanted = asked.get("version") ?? "";
  const chosen = ids.includes(wanted) ? wanted : phone ? "" : (ids[0] ?? "");
  const choose = (id: string) => setAsked(id ? { version: id } : {});
  const scroller = useRef<HTMLDivElement>(null);
  const step = (by: number) => {
    const next = ids[ids.indexOf(chosen) + by];
    if (next) choose(next);
    scroller.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  };
  useKeys({ j: () => step(1), k: () => step(-1), Enter: () => scroller.current?.querySelector<HTMLElement>("section")?.focus() });
  if (ids.length === 0) return <State title={onlyMine ? t("none") : t("noneAtAll")} hint={t("noneHint")} />;
  const item = items.find(({ version }) => version.version_id === chosen);
  const list = <Queue items={items} corrections={corrections.length} chosen={chosen} done={done} onChoose={choose} />;
  if (phone && !chosen) return <div className={styles.desk}>{list}</div>;
  return (
    <div className={styles.desk} ref={scroller}>
      {phone ? (
        <Button type="link" onClick={() => choose("")}>
          {t("back")}
        </Button>
      ) : (
        list
      )}
      {chosen === CORRECTIONS ? <Corrections corrections={corrections} /> : null}
      {item ? (
        <>
          <Evidence key={`e/${chosen}`} item={item} />
          <Decision
            key={`d/${chosen}`}
            item={item}
            onDecide={(verdict) => {
              setDone((count) => count + 1);
              step(ids.indexOf(chosen) + 1 < ids.length ? 1 : -1);
              decide(item, verdict, (id) => {
                setDone((count) => count - 1);
                choose(id);
              });
            }}
          />
        </>
      ) : null}
    </div>
  );
}

export default function Review() {
  const t = useReviewWords();
  const reviews = useReviews();
  const [scope, setScope] = useState<"mine" | "all">("mine");
  const choice = (
    <Segmented
      value={scope}
      onChange={setScope}
      options={[
        { value: "mine", label: t("mine") },
        { value: "all", label: t("all") },
      ]}
    />
  );
  return (
    <Page title={t("title")} width="full" actions={choice}>
      <Loaded query={reviews} rows={8}>
        {(queue) => <Desk queue={queue} onlyMine={scope === "mine"} />}
      </Loaded>
    </Page>
  );
}
