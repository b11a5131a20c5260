/** Verdicts that wait for a person: list left, evidence and decision right. */
import { App, Button, Input, Segmented } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useKeys } from "@/blocks/keys";
import { LocalTime } from "@/blocks/LocalTime";
import { CopyButton } from "@/blocks/CopyButton";
import { Mark } from "@/blocks/Mark";
import { PersonName } from "@/blocks/names";
import { Failure, Loading, State } from "@/blocks/States";
import { useUndo } from "@/blocks/undo";
import { useDraft } from "@/features/review/drafts";
import { useGuardChange, useVerdicts, type Verdict, type VerdictStatus } from "./records";
import { categoryWord, ruleWord, useRuleWords } from "./ruleWords";
import { ACTION_TONES } from "./tones";
import { kindWord, useSafetyWords } from "./words";
import styles from "./safety.module.css";

type Word = "confirmed" | "mistaken";

const CHANNELS = ["ask", "conversation", "gateway", "upload"] as const;
const DIRECTIONS = ["in", "out", "data"] as const;

function About({ verdict }: { verdict: Verdict }) {
  const t = useSafetyWords();
  const r = useRuleWords();
  const channel = CHANNELS.find((one) => one === verdict.channel);
  const direction = DIRECTIONS.find((one) => one === verdict.direction);
  return (
    <dl className={styles.about}>
      <dt>{r("person")}</dt>
      <dd>
        <PersonName id={verdict.person} />
      </dd>
      <dt>{r("channel")}</dt>
      <dd>{[channel ? r(`channel_${channel}`) : verdict.channel, direction ? t(direction) : verdict.direction].join(" · ")}</dd>
      <dt>{r("number")}</dt>
      <dd>
        {verdict.id} <CopyButton label={r("copyNumber")} text={verdict.id} />
      </dd>
      {verdict.decided_by ? (
        <>
          <dt>{r("decidedBy")}</dt>
          <dd>
            <PersonName id={verdict.decided_by} />
          </dd>
        </>
      ) : null}
    </dl>
  );
}

function Detail({ verdict, onDecide }: { verdict: Verdict; onDecide: (word: Word, note: string) => void }) {
  const t = useSafetyWords();
  const r = useRuleWords();
  const [note, setNote] = useDraft(verdict.id);
  const open = verdict.status === "waiting" || verdict.status === "noted";
  const decide = (word: Word) => open && onDecide(word, note.trim());
  useKeys({ "1": () => decide("confirmed"), "2": () => decide("mistaken") });
  return (
    <section className={styles.detail} aria-label={t("result")}>
      <div>
        <Mark tone={ACTION_TONES[verdict.action]}>{t(verdict.action)}</Mark>{" "}
        <span className={styles.dim}>
          {verdict.policy} · <LocalTime at={verdict.at} />
        </span>
      </div>
      <About verdict={verdict} />
      <h2>{t("excerpt")}</h2>
      <div className={styles.shown}>{verdict.excerpt}</div>
      <ul className={styles.list}>
        {verdict.findings.map((finding, index) => (
          <li key={index} className={styles.finding}>
            <strong>{kindWord(t, finding.kind)}</strong>
            <span className={styles.dim}>{[categoryWord(r, finding.category ?? ""), ruleWord(r, finding.rule), finding.policy_rule].filter(Boolean).join(" · ")}</span>
          </li>
        ))}
      </ul>
      {open ? (
        <>
          <Input.TextArea aria-label={t("note")} placeholder={t("note")} rows={3} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
          <div className={styles.tools}>
            <Button type="primary" onClick={() => decide("confirmed")}>
              {t("confirm")}
            </Button>
            <Button onClick={() => decide("mistaken")}>{t("mistake")}</Button>
            <span className={styles.dim}>{t("keys")}</span>
          </div>
        </>
      ) : (
        <p className={styles.hint}>{[t(verdict.status), verdict.note].filter(Boolean).join("：")}</p>
      )}
    </section>
  );
}

function Nothing({ sought, isAll, onAll }: { sought: string; isAll: boolean; onAll: () => void }) {
  const t = useSafetyWords();
  const r = useRuleWords();
  const action = sought || !isAll ? <Button onClick={onAll}>{r("seeAll")}</Button> : null;
  return sought ? <State title={r("notListed")} hint={sought} action={action} /> : <State title={t("noVerdicts")} hint={t("noVerdictsHint")} action={action} />;
}

interface ToolsProps {
  status: VerdictStatus | "";
  onStatus: (status: VerdictStatus | "") => void;
  onFind: (number: string) => void;
  shown: number;
  isMore: boolean;
}

function Tools({ status, onStatus, onFind, shown, isMore }: ToolsProps) {
  const t = useSafetyWords();
  const r = useRuleWords();
  return (
    <div className={styles.tools}>
      <Segmented
        value={status}
        onChange={onStatus}
        options={(["waiting", "noted", "confirmed", "mistaken", ""] as const).map((one) => ({ value: one, label: t(one || "all") }))}
      />
      <Input.Search allowClear aria-label={r("found")} placeholder={r("findHint")} style={{ maxWidth: 300 }} onSearch={(words) => onFind(words.trim())} />
      {status === "waiting" && shown ? <span className={styles.dim}>{r(isMore ? "waiting_more" : "waiting_n", { n: shown.toLocaleString() })}</span> : null}
    </div>
  );
}

export function VerdictsPart() {
  const t = useSafetyWords();
  const { message } = App.useApp();
  const undoable = useUndo();
  const [status, setStatus] = useState<VerdictStatus | "">("waiting");
  const [chosenId, setChosenId] = useState("");
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());
  const [sought, setSought] = useState("");
  const verdicts = useVerdicts(sought ? "" : status, sought);
  const save = useGuardChange(({ id, word, note }: { id: string; word: Word; note: string }) =>
    api.post(`/guard/verdicts/${id}`, { status: word, note }),
  );
  const items = (verdicts.data?.pages.flatMap((page) => page.items) ?? []).filter(
    ({ id }) => !decided.has(id) && (!sought || id === sought),
  );
  const place = Math.max(0, items.findIndex(({ id }) => id === chosenId));
  const chosen = items[place];
  const step = (by: number) => setChosenId(items[place + by]?.id ?? chosenId);
  useKeys({ j: () => step(1), k: () => step(-1) });
  const seeAll = () => {
    setSought("");
    setStatus("");
  };
  const forget = (id: string) => setDecided((before) => new Set([...before].filter((one) => one !== id)));
  const decide = (id: string, word: Word, note: string) => {
    setDecided((before) => new Set([...before, id]));
    setChosenId(items[place + 1]?.id ?? items[place - 1]?.id ?? "");
    undoable(id, {
      text: t(word === "confirmed" ? "confirmedDone" : "mistakenDone"),
      revert: () => forget(id),
      commit: () =>
        save
          .mutateAsync({ id, word, note })
          .then(() => localStorage.removeItem(`yinshu.comment.${id}`))
          .catch((error: unknown) => void message.error(t("failed", { reason: messageOf(error) }), 8))
          .finally(() => forget(id)),
    });
  };
  return (
    <>
      <Tools status={status} onStatus={setStatus} onFind={setSought} shown={items.length} isMore={verdicts.hasNextPage} />
      {verdicts.isPending ? <Loading rows={6} /> : null}
      {verdicts.isError ? <Failure error={verdicts.error} retry={() => void verdicts.refetch()} /> : null}
      {verdicts.data && !chosen ? <Nothing sought={sought} isAll={!status} onAll={seeAll} /> : null}
      {chosen ? (
        <div className={styles.desk}>
          <ul className={styles.list}>
            {items.map((verdict) => (
              <li key={verdict.id}>
                <button
                  type="button"
                  className={`${styles.one} ${verdict.id === chosen.id ? styles.chosen : ""}`}
                  aria-current={verdict.id === chosen.id}
                  onClick={() => setChosenId(verdict.id)}
                >
                  <span>{verdict.excerpt || t(verdict.action)}</span>
                  <span className={styles.dim}>
                    {[...new Set(verdict.findings.map(({ kind }) => kindWord(t, kind)))].join("、")} · <LocalTime at={verdict.at} />
                  </span>
                </button>
              </li>
            ))}
            {verdicts.hasNextPage && !sought ? (
              <li>
                <Button block type="text" onClick={() => void verdicts.fetchNextPage()}>
                  {t("more")}
                </Button>
              </li>
            ) : null}
          </ul>
          <Detail key={chosen.id} verdict={chosen} onDecide={(word, note) => decide(chosen.id, word, note)} />
        </div>
      ) : null}
    </>
  );
}
