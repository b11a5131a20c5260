/** One conversation: its turns, the question on its way, the box, and the reader beside them. */
import { Button, Drawer } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useParams, useSearchParams } from "react-router";
import type { Citation, Turn } from "@/api/answers";
import { useIsPhone } from "@/blocks/narrow";
import { Reader } from "@/blocks/reader/Reader";
import { Loaded } from "@/blocks/States";
import { useConversation, useEarlier, type OpenConversation } from "./api";
import { ask, forgetFailure, usePending, type Ask } from "./asking";
import { PendingView } from "./PendingView";
import { QuestionBox, type Asked } from "./QuestionBox";
import { useThreadKeys } from "./threadKeys";
import styles from "./thread.module.css";
import { ThreadHead } from "./ThreadHead";
import { TurnView } from "./TurnView";
import { useChatWords } from "./words";

/** Which source stands open is written in the address, so that back closes it and a link opens it. */
function useOpened(turns: Turn[]) {
  const [params, setParams] = useSearchParams();
  const turn = turns.find(({ id }) => id === params.get("turn"));
  const n = Number(params.get("source"));
  const near = params.get("near") === "1";
  const source = (near ? turn?.answer?.nearest : turn?.answer?.citations)?.find((one) => one.n === n);
  const open = (of: Turn, citation: Citation) => {
    const isNear = of.answer?.nearest.includes(citation);
    setParams({ turn: of.id, source: String(citation.n), ...(isNear ? { near: "1" } : {}) });
  };
  return { turn, source, near, open, close: () => setParams({}) };
}

function SourceReader({ source, onClose }: { source: Citation; onClose: () => void }) {
  const place = { clauseId: source.clause_id, page: source.page, box: source.bbox, quote: source.quote };
  return <Reader documentId={source.document_id ?? ""} versionId={source.version} place={place} onClose={onClose} />;
}

function Turns({ conversation, opened }: { conversation: OpenConversation; opened: ReturnType<typeof useOpened> }) {
  const t = useChatWords();
  const client = useQueryClient();
  const pending = usePending(conversation.id);
  const earlier = useEarlier(conversation.id);
  const end = useRef<HTMLDivElement>(null);
  const mayAsk = conversation.may.includes("ask");
  const askNow = (question: Ask) => {
    forgetFailure(conversation.id);
    void ask(client, conversation.id, question);
  };
  const shown = conversation.turns.filter(({ id }) => id !== pending?.turnId);
  const lastId = shown.at(-1)?.id;
  const asking = Boolean(pending);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "start" });
  }, [asking, lastId]);
  return (
    <div className={styles.turns}>
      {conversation.earlier ? (
        <Button
          className={styles.earlier}
          loading={earlier.isPending}
          onClick={() => earlier.mutate(conversation.turns[0]?.ordinal ?? 0)}
        >
          {t("earlier")}
        </Button>
      ) : null}
      {shown.map((turn) => (
        <section
          key={turn.id}
          className={styles.turn}
          ref={!pending && turn.id === lastId ? end : undefined}
          data-last={!pending && turn.id === lastId}
        >
          <TurnView
            conversationId={conversation.id}
            turn={turn}
            opened={opened.turn?.id === turn.id && !opened.near ? opened.source?.n : undefined}
            onOpen={(source) => opened.open(turn, source)}
            onAsk={mayAsk ? askNow : undefined}
          />
        </section>
      ))}
      {pending ? (
        <section className={styles.turn} ref={end} data-last>
          <PendingView pending={pending} onRetry={askNow} />
        </section>
      ) : null}
    </div>
  );
}

function Conversation({ conversation }: { conversation: OpenConversation }) {
  const t = useChatWords();
  const phone = useIsPhone();
  const client = useQueryClient();
  const pending = usePending(conversation.id);
  const opened = useOpened(conversation.turns);
  const box = useThreadKeys({ turns: conversation.turns, open: opened.open, close: opened.close });
  const busy = pending && !pending.error;
  const submit = ({ files, ...question }: Asked) => {
    forgetFailure(conversation.id);
    void ask(client, conversation.id, question, files);
    // What fails from here on stays in the thread, with its own way to try again.
    return Promise.resolve(true);
  };
  const { source } = opened;
  return (
    <div className={`${styles.split} ${source && !phone ? styles.withReader : ""}`}>
      <div className={styles.thread}>
        <ThreadHead conversation={conversation} />
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={conversation.title || t("untitled")}>
          <Turns conversation={conversation} opened={opened} />
        </div>
        {conversation.may.includes("ask") ? (
          <div className={styles.bottom} ref={box}>
            <QuestionBox
              key={conversation.id}
              draftKey={conversation.id}
              onAsk={submit}
              onStop={busy ? pending.stop : undefined}
              placeholder={t("followPlaceholder")}
              autoFocus={!phone}
            />
            {phone ? null : <p className={styles.keys}>{t("keysHint")}</p>}
          </div>
        ) : (
          <p className={styles.readOnly}>{t("readOnly")}</p>
        )}
      </div>
      {source && !phone ? (
        <div className={styles.reader}>
          <SourceReader source={source} onClose={opened.close} />
        </div>
      ) : null}
      {phone ? (
        <Drawer
          open={Boolean(source)}
          onClose={opened.close}
          placement="bottom"
          size="100dvh"
          closable={false}
          styles={{ body: { padding: 0 } }}
          aria-label={t("sources")}
        >
          {source ? <SourceReader source={source} onClose={opened.close} /> : null}
        </Drawer>
      ) : null}
    </div>
  );
}

export function Thread() {
  const { id = "" } = useParams();
  const conversation = useConversation(id);
  return (
    <Loaded query={conversation} rows={8}>
      {(loaded) => <Conversation key={id} conversation={loaded} />}
    </Loaded>
  );
}
