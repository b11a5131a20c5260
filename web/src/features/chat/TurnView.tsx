/** A question with its answer, or with what became of it. */
import { Button } from "antd";
import type { Citation, Turn } from "@/api/answers";
import { LocalTime } from "@/blocks/LocalTime";
import { State } from "@/blocks/States";
import { AnswerCard } from "./AnswerCard";
import type { Ask } from "./asking";
import styles from "./thread.module.css";
import { useChatWords } from "./words";

interface TurnViewProps {
  conversationId: string;
  turn: Turn;
  opened?: number;
  onOpen: (source: Citation) => void;
  /** Missing where the reader may not ask. */
  onAsk?: (ask: Ask) => void;
}

export function QuestionLine({ text, at }: { text: string; at?: string }) {
  return (
    <div className={styles.question}>
      <h2>{text}</h2>
      {at ? <LocalTime at={at} /> : null}
    </div>
  );
}

/** How a follow-up question was completed from the conversation, and the way back. */
export function UnderstoodLine({ text, onAsWritten }: { text: string; onAsWritten?: () => void }) {
  const t = useChatWords();
  return (
    <div className={styles.understood}>
      <span>{t("understood", { text })}</span>
      {onAsWritten ? (
        <Button type="link" size="small" onClick={onAsWritten}>
          {t("asWritten")}
        </Button>
      ) : null}
    </div>
  );
}

function Unanswered({ turn, onAsk }: Pick<TurnViewProps, "turn" | "onAsk">) {
  const t = useChatWords();
  const title =
    turn.state === "stopped" ? t("stoppedTitle") : turn.state === "interrupted" ? t("interruptedTitle") : t("failedTitle");
  const retry = () => onAsk?.({ question: turn.question, retry_turn_id: turn.id });
  return (
    <State
      tone={turn.state === "failed" ? "danger" : "needs"}
      title={title}
      hint={turn.error}
      action={onAsk ? <Button onClick={retry}>{t("retry")}</Button> : null}
    />
  );
}

export function TurnView({ conversationId, turn, opened, onOpen, onAsk }: TurnViewProps) {
  const scope = { collection_ids: turn.collections, as_of: turn.as_of };
  return (
    <>
      <QuestionLine text={turn.question} at={turn.asked_at} />
      {turn.follow_up ? (
        <UnderstoodLine
          text={turn.understood_as}
          onAsWritten={onAsk ? () => onAsk({ ...scope, question: turn.question, as_written: true }) : undefined}
        />
      ) : null}
      {turn.answer ? (
        <AnswerCard
          conversationId={conversationId}
          turn={turn}
          answer={turn.answer}
          opened={opened}
          onOpen={onOpen}
          onAsk={onAsk ? (question) => onAsk({ ...scope, question, as_written: true }) : undefined}
        />
      ) : (
        <Unanswered turn={turn} onAsk={onAsk} />
      )}
    </>
  );
}
