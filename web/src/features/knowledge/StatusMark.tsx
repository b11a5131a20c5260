/** Where a version stands in its life, in one word. */
import { Mark, type Tone } from "@/blocks/Mark";
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

export function StatusMark({ status }: { status: Status }) {
  const t = useLibraryWords();
  return <Mark tone={TONES[status]}>{t(status)}</Mark>;
}
