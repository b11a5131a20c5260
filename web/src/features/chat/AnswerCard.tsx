/** The answer: status in words, sentences, sources, and a foot that says by which day's rules and composed by whom. */
import {
  CheckCircleOutlined, CopyOutlined, ExclamationCircleOutlined, QuestionCircleOutlined, StopOutlined,
} from "@ant-design/icons";
import { App, Button } from "antd";
import type { ReactNode } from "react";
import type { Answer, Citation, Turn } from "@/api/answers";
import { copyText } from "@/blocks/copyText";
import { Mark } from "@/blocks/Mark";
import styles from "./answer.module.css";
import { textOf } from "./copying";
import { Feedback } from "./Feedback";
import { Refusal } from "./Refusal";
import { Removed, Sentences } from "./Sentences";
import { Sources } from "./Sources";
import { STATUS_TONES, statusOf, type StatusWord } from "./status";
import { readable } from "./choices";
import { useChatWords } from "./words";

interface AnswerCardProps {
  conversationId: string;
  turn: Turn;
  answer: Answer;
  /** The number of the source that stands open in the reader. */
  opened?: number;
  onOpen: (source: Citation) => void;
  /** Ask one of the offered meanings. */
  onAsk?: (question: string) => void;
}

const ICONS: Record<StatusWord, ReactNode> = {
  verified: <CheckCircleOutlined />,
  partly: <ExclamationCircleOutlined />,
  refused: <StopOutlined />,
  clarify: <QuestionCircleOutlined />,
};

function Clarify({ answer, onAsk }: { answer: Answer; onAsk?: (question: string) => void }) {
  const t = useChatWords();
  return (
    <>
      <p className={styles.said}>{answer.answer || t("clarifyAsk")}</p>
      <div className={styles.choices}>
        {readable(answer.clarify).map(({ question, topic, matter, tail }) => (
          <button key={question} type="button" disabled={!onAsk} onClick={() => onAsk?.(question)}>
            {topic ? <small>{topic}</small> : null}
            <span>
              <strong>{matter}</strong>
              {tail}
            </span>
          </button>
        ))}
      </div>
    </>
  );
}

function Content({ turn, answer, opened, onOpen, onAsk }: AnswerCardProps) {
  const t = useChatWords();
  if (answer.status === "refused") return <Refusal turn={turn} answer={answer} onOpen={onOpen} />;
  if (answer.status === "clarify") return <Clarify answer={answer} onAsk={onAsk} />;
  return (
    <>
      <Sentences sentences={answer.sentences} citations={answer.citations} onOpen={onOpen} opened={opened} />
      <Removed removed={answer.removed ?? []} />
      <Sources title={t("sources")} sources={answer.citations} onOpen={onOpen} opened={opened} numbered />
      {turn.withheld ? <p className={styles.note}>{t("withheld", { n: turn.withheld })}</p> : null}
    </>
  );
}

export function AnswerCard(props: AnswerCardProps) {
  const { conversationId, turn, answer } = props;
  const t = useChatWords();
  const { message } = App.useApp();
  const status = statusOf(answer);
  const copy = async () => {
    const done = await copyText(textOf(turn, t));
    void (done ? message.success(t("copied")) : message.error(t("copyFailed")));
  };
  return (
    <article className={styles.card} aria-label={t("answerBy")}>
      <div className={styles.status}>
        <Mark tone={STATUS_TONES[status]} icon={ICONS[status]}>
          {t(status)}
        </Mark>
      </div>
      <Content {...props} />
      <footer className={styles.foot}>
        <span className={styles.footWords}>
          {t("footAsOf", { day: turn.as_of })} · {turn.composed_as ? t(`composed_${turn.composed_as}`) : turn.composed_by} ·{" "}
          {answer.ai_label ?? t("aiLabel")}
        </span>
        <span className={styles.footActs}>
          <Button size="small" type="text" icon={<CopyOutlined />} onClick={() => void copy()}>
            {t("copy")}
          </Button>
          <Feedback conversationId={conversationId} runId={answer.run_id} given={turn.feedback} />
        </span>
      </footer>
    </article>
  );
}
