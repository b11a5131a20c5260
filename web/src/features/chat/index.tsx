/** Asking: the list of conversations, and the one that is open or a new one. */
import { useEffect } from "react";
import { Route, Routes } from "react-router";
import { useIsPhone } from "@/blocks/narrow";
import { useBegin } from "./begin";
import { ConversationList } from "./ConversationList";
import { QuestionBox } from "./QuestionBox";
import { Thread } from "./Thread";
import { ListButton } from "./ThreadHead";
import styles from "./thread.module.css";
import { useChatWords } from "./words";

function Fresh() {
  const t = useChatWords();
  const { begin, beginning } = useBegin();
  return (
    <div className={styles.fresh}>
      <h1>{t("askTitle")}</h1>
      <p>{t("askHint")}</p>
      <QuestionBox
        large
        autoFocus
        draftKey="new"
        onAsk={begin}
        onStop={beginning ? () => undefined : undefined}
      />
      <ListButton />
    </div>
  );
}

export default function Chat() {
  const t = useChatWords();
  const phone = useIsPhone();
  useEffect(() => {
    document.title = `${t("title")} · 银枢`;
  }, [t]);
  return (
    <div className={styles.layout}>
      {phone ? null : <ConversationList />}
      <div className={styles.place}>
        <Routes>
          <Route index element={<Fresh />} />
          <Route path=":id" element={<Thread />} />
        </Routes>
      </div>
    </div>
  );
}
