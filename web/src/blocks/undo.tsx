/** Undo for ten seconds: the act is shown as done at once and sent to the server when the time is over. */
import { App, Button } from "antd";
import { useCallback } from "react";
import { useBlockWords } from "./words";

const UNDO_SECONDS = 10;

interface Undoable {
  /** What was done, e.g. “已删除对话”. */
  text: string;
  /** Send it to the server. */
  commit: () => void | Promise<unknown>;
  /** Show it as not done after all. */
  revert: () => void;
}

const waiting = new Map<string, () => void>();

/** Send everything that still waits; when the page is left. */
export function commitAll(): void {
  for (const commit of [...waiting.values()]) commit();
}

window.addEventListener("pagehide", commitAll);

/** `undoable(key, act)` shows the notice with its undo button. */
export function useUndo(): (key: string, act: Undoable) => void {
  const { message } = App.useApp();
  const t = useBlockWords();
  return useCallback(
    (key, { text, commit, revert }) => {
      const finish = () => {
        if (!waiting.delete(key)) return;
        clearTimeout(timer);
        void commit();
      };
      const timer = setTimeout(finish, UNDO_SECONDS * 1000);
      waiting.set(key, finish);
      const undo = () => {
        if (!waiting.delete(key)) return;
        clearTimeout(timer);
        message.destroy(key);
        revert();
      };
      const content = (
        <>
          {text}{" "}
          <Button type="link" size="small" onClick={undo}>
            {t("undo")}
          </Button>
        </>
      );
      void message.open({ key, content, duration: UNDO_SECONDS });
    },
    [message, t],
  );
}
