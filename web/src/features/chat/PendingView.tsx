/** A question on its way: the evidence first, then the sentences as they are verified. */
import { LoadingOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { EvidenceHit } from "@/api/answers";
import { ApiError } from "@/api/client";
import { Failure, State } from "@/blocks/States";
import styles from "./answer.module.css";
import type { Ask, Pending } from "./asking";
import { Sentences } from "./Sentences";
import { QuestionLine, UnderstoodLine } from "./TurnView";
import { useChatWords } from "./words";

const EVIDENCE_SHOWN = 4;
const BLOCKED = "blocked";

interface EvidenceProps {
  hits: EvidenceHit[];
  /** The clause that stands open in the reader. */
  opened?: number;
  onOpen: (hit: EvidenceHit) => void;
}

function Evidence({ hits, opened, onOpen }: EvidenceProps) {
  const t = useChatWords();
  return (
    <section className={styles.sources} aria-label={t("evidence")}>
      <h3>{t("evidence")}</h3>
      <ul>
        {hits.slice(0, EVIDENCE_SHOWN).map((hit) => (
          <li key={hit.clause_id}>
            <button
              type="button"
              className={`${styles.source} ${opened === hit.clause_id ? styles.open : ""}`}
              disabled={!hit.document_id}
              onClick={() => onOpen(hit)}
            >
              <span className={styles.name}>
                {hit.document}
                {hit.article ? <span className={styles.article}> › {hit.article}</span> : null}
              </span>
              <span className={styles.meta}>
                {hit.effective_from ? <span>{t("since", { from: hit.effective_from })}</span> : null}
                {hit.page ? <span>{t("page", { n: hit.page })}</span> : null}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Progress({ pending }: { pending: Pending }) {
  const t = useChatWords();
  const { upload, hits } = pending;
  if (upload) return <>{t("uploading", { done: upload.done, total: upload.total })}</>;
  return <>{hits ? t("checking", { n: hits.length }) : t("searching")}</>;
}

/** What went wrong, with a way to try again; a question that may not be asked is told so, and asking again would not help. */
function NotAnswered({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useChatWords();
  if (error instanceof ApiError && error.code === BLOCKED) return <State title={t("blockedTitle")} hint={error.message} tone="needs" />;
  return (
    <>
      <Failure error={error} />
      <div className={styles.again}>
        <Button onClick={onRetry}>{t("retry")}</Button>
      </div>
    </>
  );
}

interface PendingViewProps {
  pending: Pending;
  onRetry: (ask: Ask) => void;
  opened?: number;
  onOpen: (turnId: string, hit: EvidenceHit) => void;
}

export function PendingView({ pending, onRetry, opened, onOpen }: PendingViewProps) {
  const retry = pending.turnId ? { ...pending.ask, retry_turn_id: pending.turnId } : pending.ask;
  return (
    <>
      <QuestionLine text={pending.ask.question} />
      {pending.understoodAs ? <UnderstoodLine text={pending.understoodAs} /> : null}
      {pending.error ? (
        <div className={styles.card}>
          <NotAnswered error={pending.error} onRetry={() => onRetry(retry)} />
        </div>
      ) : (
        <article className={styles.card} aria-busy="true" aria-live="polite">
          <div className={styles.status}>
            <LoadingOutlined />
            <Progress pending={pending} />
          </div>
          <div className={styles.prose}>
            <Sentences sentences={pending.sentences} citations={[]} onOpen={() => undefined} />
          </div>
          {pending.hits ? <Evidence hits={pending.hits} opened={opened} onOpen={(hit) => onOpen(pending.turnId ?? "", hit)} /> : null}
        </article>
      )}
    </>
  );
}
