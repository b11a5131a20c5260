/** Where a version stands in its life, in one word. */
import { Mark, type Tone } from "@/blocks/Mark";
import { dayOf } from "@/blocks/LocalTime";
import type { Status } from "./records";
import { useLibraryWords } from "./words";

const TONES: Record<Status, Tone> = {
  draft: "plain",
  in_review: "needs",
  approved: "ink",
  published: "ink",
  superseded: "plain",
  archived: "plain",
};

interface Standing {
  status: Status;
  from?: string | null;
  until?: string | null;
}

/** A published version is current only between its days: `until` is the first day no longer in force. */
export function StatusMark({ status, from, until }: Standing) {
  const t = useLibraryWords();
  const today = dayOf(new Date());
  if (status === "published" && until && until <= today) return <Mark tone="plain">{t("ended")}</Mark>;
  if (status === "published" && from && from > today) return <Mark tone="plain">{t("notYet")}</Mark>;
  return <Mark tone={TONES[status]}>{t(status)}</Mark>;
}
