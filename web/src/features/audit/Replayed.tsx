/** Both answers side by side: their words, who worded them, what the model had said, and every difference. */
import { CopyButton } from "@/blocks/CopyButton";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark } from "@/blocks/Mark";
import { PersonName } from "@/blocks/names";
import type { Replay, ReplayAnswer, Rewording } from "./records";
import { useReplayWords } from "./replayWords";
import styles from "./audit.module.css";

type Words = ReturnType<typeof useReplayWords>;
const EXTRACTIVE = "extractive";
const STATUSES = ["answered", "refused", "clarify"] as const;

/** Who worded an answer: the rules' own words, all or those that a model chose, or a model by name. */
export function wordedBy(t: Words, by: string, shortened = false): string {
  if (by === EXTRACTIVE || !by) return t("extractive");
  return t(shortened ? "chosenBy" : "byModel", { name: by });
}

function statusWord(t: Words, status: string): string {
  const known = STATUSES.find((one) => one === status);
  return known ? t(known) : status;
}

function Side({ title, answer }: { title: string; answer: ReplayAnswer }) {
  const t = useReplayWords();
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <p className={styles.dim}>{`${statusWord(t, answer.status)} · ${t("composedBy", { by: wordedBy(t, answer.composed_by, answer.shortened) })}`}</p>
      <div className={styles.answer}>{answer.answer || t("noWords")}</div>
    </section>
  );
}

function Carried({ source }: { source: number | null }) {
  const t = useReplayWords();
  return source === null ? <Mark tone="needs">{t("notCarried")}</Mark> : <Mark tone="verified">{t("carried", { n: source })}</Mark>;
}

/** All that the model had said then, sentence by sentence, as verified then and now. */
function Wording({ wording }: { wording: Rewording }) {
  const t = useReplayWords();
  return (
    <section className={styles.card}>
      <h3 className={styles.title}>{t(wording.chose ? "choice" : "wording", { model: wording.model })}</h3>
      <p className={styles.dim}>{t("prompt", { version: wording.prompt_version })}</p>
      <p className={styles.hint}>{t(wording.chose ? "choiceHint" : "wordingHint")}</p>
      <div className={styles.scroll}>
        <table className={styles.sentences}>
          <thead>
            <tr>
              <th>{t("sentence")}</th>
              <th>{t("then")}</th>
              <th>{t("now")}</th>
            </tr>
          </thead>
          <tbody>
            {wording.sentences.map((one, index) => (
              <tr key={index}>
                <td>
                  {one.text}
                  {one.faults.map((fault) => (
                    <div key={fault} className={styles.fault}>{fault}</div>
                  ))}
                </td>
                <td>
                  <Carried source={one.then} />
                </td>
                <td>
                  <Carried source={one.now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <details>
        <summary>{t("said")}</summary>
        <div className={styles.answer}>{wording.said}</div>
      </details>
    </section>
  );
}

export function Replayed({ replay }: { replay: Replay }) {
  const t = useReplayWords();
  const { differences, wording } = replay;
  return (
    <>
      <div className={styles.verdict}>
        {replay.same ? <Mark tone="verified">{t("same")}</Mark> : <Mark tone="needs">{t("differs", { n: differences.length })}</Mark>}
        <span>
          {replay.actor ? <PersonName id={replay.actor} /> : null} <LocalTime at={replay.asked_at} />
        </span>
        <span>{t("asOf", { day: replay.as_of })}</span>
        {replay.versions_hidden ? <span>{t("hidden", { n: replay.versions_hidden })}</span> : null}
        <CopyButton shown label={t("copyId")} text={replay.run_id} />
      </div>
      <h2 className={styles.part}>{replay.question}</h2>
      <div className={styles.sides}>
        <Side title={t("then")} answer={replay.then} />
        <Side title={t("now")} answer={replay.now} />
      </div>
      {differences.length ? <h2 className={styles.part}>{t("differences")}</h2> : null}
      {differences.map(({ what, then, now }, index) => (
        <div key={index} className={styles.card}>
          <strong>{what}</strong>
          <div className={styles.sides}>
            <p><span className={styles.dim}>{t("then")}</span> {shownWord(t, what, then)}</p>
            <p><span className={styles.dim}>{t("now")}</span> {shownWord(t, what, now)}</p>
          </div>
        </div>
      ))}
      <h2 className={styles.part}>{t("whoWorded")}</h2>
      {wording ? <Wording wording={wording} /> : <p className={styles.hint}>{t("noModel")}</p>}
    </>
  );
}

/** Statuses and composers come as the ledger writes them; everything else is words already. */
function shownWord(t: Words, what: string, value: string): string {
  if (what === "结论") return statusWord(t, value);
  if (what === "措辞者") return wordedBy(t, value);
  return value || t("nothing");
}
