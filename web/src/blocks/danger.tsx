/** A dangerous act names its object and what follows before it is done. */
import { App } from "antd";
import { useCallback, type ReactNode } from "react";
import { useBlockWords } from "./words";

interface Danger {
  /** e.g. “停用‘消保审查员’”. */
  title: string;
  /** What follows, in figures where they are known. */
  consequence: ReactNode;
  /** The button's word, e.g. “停用”. */
  verb: string;
  act: () => Promise<unknown>;
}

/** `ask(danger)` opens the question; the failure of the act stays in the dialog. */
export function useDanger(): (danger: Danger) => void {
  const { modal } = App.useApp();
  const t = useBlockWords();
  return useCallback(
    ({ title, consequence, verb, act }) => {
      void modal.confirm({
        title,
        content: consequence,
        okText: verb,
        cancelText: t("cancel"),
        okButtonProps: { danger: true },
        onOk: act,
      });
    },
    [modal, t],
  );
}
