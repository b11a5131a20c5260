/** An answer as text, with its sources, for a letter or a chat with a colleague. */
import type { Turn } from "@/api/answers";
import type { zh } from "./words.zh";
import type { Translate } from "@/i18n";

export function textOf(turn: Turn, t: Translate<typeof zh>): string {
  const { answer } = turn;
  if (!answer) return turn.question;
  const marks = (numbers: number[]) => numbers.map((n) => `[${n}]`).join("");
  const said = answer.sentences.map((sentence) => `${sentence.text}${marks(sentence.citations)}`);
  const body = answer.status === "answered" ? said : [answer.answer || answer.missing || ""];
  const sources = answer.citations.map((source) =>
    [
      `[${source.n}] 《${source.document}》${source.article}`,
      source.effective_from ? t("since", { from: source.effective_from }) : "",
      source.page ? t("page", { n: source.page }) : "",
    ]
      .filter(Boolean)
      .join("，"),
  );
  return [
    turn.understood_as,
    "",
    ...body,
    ...(sources.length ? ["", `${t("sources")}：`, ...sources] : []),
    "",
    `${t("footAsOf", { day: turn.as_of })}。${t("aiLabel")}`,
  ].join("\n");
}
