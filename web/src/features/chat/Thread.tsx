/** One conversation: its turns, the question on its way, the box, and the reader beside them. */
import { Button, Drawer } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useParams } from "react-router";
import { useIsPhone } from "@/blocks/narrow";
import { Reader } from "@/blocks/reader/Reader";
import { Loaded } from "@/blocks/States";
import { useConversation, useEarlier, type OpenConversation } from "./api";
import { ask, forgetFailure, usePending, type Ask } from "./asking";
import { useOpened } from "./opened";
import { PendingView } from "./PendingView";
import { QuestionBox, type Asked } from "./QuestionBox";
import { useThreadKeys } from "./threadKeys";
import styles from "./thread.module.css";
import { ThreadHead } from "./ThreadHead";
import { TurnView } from "./TurnView";
import { useChatWords } from "./words";

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
            opened={opened.turn?.id === turn.id && !opened.near ? opened.n : undefined}
            onOpen={(source) => opened.open(turn, source)}
            onAsk={mayAsk ? askNow : undefined}
          />
        </section>
      ))}
      {pending ? (
        <section className={styles.turn} ref={end} data-last>
          <PendingView pending={pending} onRetry={askNow} opened={opened.clause} onOpen={opened.openHit} />
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
  const { shown } = opened;
  const reader = shown ? <Reader {...shown} onClose={opened.close} /> : null;
  return (
    <div className={`${styles.split} ${shown && !phone ? styles.withReader : ""}`}>
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
      {reader && !phone ? <div className={styles.reader}>{reader}</div> : null}
      {phone ? (
        <Drawer
          open={Boolean(reader)}
          onClose={opened.close}
          placement="bottom"
          size="100dvh"
          closable={false}
          styles={{ body: { padding: 0 } }}
          aria-label={t("sources")}
        >
          {reader}
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
