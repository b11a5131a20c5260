/** Sends decisions ten seconds after they were made, so that a slip can be taken back. */
import { App } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useUndo } from "@/blocks/undo";
import type { ReviewStep, WaitingVersion } from "./records";
import { useReviewWords } from "./words";

export interface Verdict {
  step: ReviewStep;
  comment: string;
  publishNow?: boolean;
  publishOn?: string | null;
}

/** What the server is told. */
export function bodyOf({ step, comment, publishNow, publishOn }: Verdict): Record<string, unknown> {
  if (step === "approve") return { comment, publish: Boolean(publishNow), publish_on: publishOn ?? null };
  return step === "publish" ? { comment, publish_on: publishOn ?? null } : { comment };
}

/** The versions decided on a moment ago, which the queue no longer shows, and how to decide on one. */
export function useDeciding() {
  const t = useReviewWords();
  const client = useQueryClient();
  const { message } = App.useApp();
  const undoable = useUndo();
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());
  const forget = (id: string) => setDecided((before) => new Set([...before].filter((one) => one !== id)));
  const decide = ({ version }: WaitingVersion, verdict: Verdict, onUndone: (id: string) => void) => {
    const id = version.version_id;
    const title = version.title;
    const word = verdict.step === "approve" && (verdict.publishNow || verdict.publishOn) ? "publish" : verdict.step;
    setDecided((before) => new Set([...before, id]));
    undoable(id, {
      text: t(`done_${word}`, { title }),
      revert: () => {
        forget(id);
        onUndone(id);
      },
      commit: async () => {
        try {
          await api.post(`/knowledge/versions/${id}/${verdict.step}`, bodyOf(verdict));
          localStorage.removeItem(`yinshu.comment.${id}`);
        } catch (error) {
          void message.error(t("failed", { title, reason: messageOf(error) }), 8);
        }
        await Promise.all(["knowledge", "home"].map((key) => client.invalidateQueries({ queryKey: [key] })));
        forget(id);
      },
    });
  };
  return { decided, decide };
}
