/** A refusal with the dignity of an answer: why, what is missing, what was searched, the nearest clauses, who can help. */
import type { Answer, Citation, Turn } from "@/api/answers";
import { useCollections } from "./api";
import styles from "./answer.module.css";
import { Sources } from "./Sources";
import { useChatWords } from "./words";

const REASONS = ["nothing_relevant", "only_superseded", "not_yet_effective", "outside_library", "not_specific"] as const;

interface RefusalProps {
  turn: Turn;
  answer: Answer;
  onOpen: (source: Citation) => void;
}

export function Refusal({ turn, answer, onOpen }: RefusalProps) {
  const t = useChatWords();
  const collections = useCollections().data ?? [];
  const chosen = collections.filter(({ id }) => turn.collections.includes(id)).map(({ name }) => name);
  const reason = REASONS.find((one) => one === answer.refusal);
  const said = answer.answer || (reason ? t(`why_${reason}`) : "");
  return (
    <>
      <p className={styles.said}>{said}</p>
      <dl className={styles.facts}>
        {answer.missing && answer.missing !== said ? (
          <div>
            <dt>{t("missing")}</dt>
            <dd>{answer.missing}</dd>
          </div>
        ) : null}
        <div>
          <dt>{t("searched")}</dt>
          <dd>{t("searchedText", { scope: chosen.join("、") || t("allCollections"), day: turn.as_of })}</dd>
        </div>
        <div>
          <dt>{t("help")}</dt>
          <dd>{t("helpText")}</dd>
        </div>
      </dl>
      <Sources title={t("nearest")} note={t("nearestNote")} sources={answer.nearest} onOpen={onOpen} />
    </>
  );
}
