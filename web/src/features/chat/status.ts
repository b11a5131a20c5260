/** The status line of an answer, and its colour by meaning. */
import type { Answer } from "@/api/answers";
import type { Tone } from "@/blocks/Mark";

export type StatusWord = "verified" | "partly" | "refused" | "clarify";

export function statusOf(answer: Pick<Answer, "status" | "sentences" | "removed">): StatusWord {
  if (answer.status === "clarify") return "clarify";
  if (answer.status === "refused") return "refused";
  const whole = answer.sentences.every((sentence) => sentence.verified) && !answer.removed?.length;
  return whole ? "verified" : "partly";
}

export const STATUS_TONES: Record<StatusWord, Tone> = {
  verified: "verified",
  partly: "needs",
  refused: "danger",
  clarify: "needs",
};
