/** Right, wrong or outdated; the last two go to the owner with a word of explanation. */
import { App, Button } from "antd";
import { useState } from "react";
import type { Verdict } from "@/api/answers";
import { messageOf } from "@/api/client";
import { GrowingText } from "@/blocks/GrowingText";
import { useFeedback } from "./api";
import styles from "./answer.module.css";
import { useChatWords } from "./words";

const VERDICTS: Verdict[] = ["right", "wrong", "outdated"];

interface FeedbackProps {
  conversationId: string;
  runId: string;
  given: Verdict | null;
}

export function Feedback({ conversationId, runId, given }: FeedbackProps) {
  const t = useChatWords();
  const { message } = App.useApp();
  const [choice, setChoice] = useState<Verdict | null>(null);
  const [comment, setComment] = useState("");
  const feedback = useFeedback(conversationId);
  const send = (verdict: Verdict) =>
    feedback.mutate(
      { run_id: runId, verdict, comment: comment.trim() },
      {
        onSuccess: () => {
          setChoice(null);
          setComment("");
          void message.success(t(verdict === "right" ? "feedbackRight" : "feedbackThanks"));
        },
        onError: (error) => void message.error(messageOf(error)),
      },
    );
  return (
    <>
      <div className={styles.verdicts} role="group" aria-label={t("feedbackGroup")}>
        {VERDICTS.map((verdict) => (
          <button
            key={verdict}
            type="button"
            aria-pressed={(choice ?? given) === verdict}
            disabled={feedback.isPending}
            onClick={() => (verdict === "right" ? send("right") : setChoice(choice === verdict ? null : verdict))}
          >
            {t(verdict)}
          </button>
        ))}
      </div>
      {choice ? (
        <div className={styles.comment}>
          <GrowingText
            labelShown
            autoFocus
            label={t(choice === "outdated" ? "feedbackWhatOutdated" : "feedbackWhat")}
            value={comment}
            maxLength={500}
            onChange={setComment}
          />
          <Button type="primary" size="small" loading={feedback.isPending} onClick={() => send(choice)}>
            {t("feedbackSend")}
          </Button>
        </div>
      ) : null}
    </>
  );
}
