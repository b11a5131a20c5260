/** A policy as text: checked as it is written, kept as a draft. */
import { App, Button, Drawer, Input } from "antd";
import { useMemo, useState } from "react";
import { api, messageOf } from "@/api/client";
import { Rules } from "./Rules";
import { useGuardChange } from "./records";
import { useRuleWords } from "./ruleWords";
import { policyOf } from "./rules";
import { useSafetyWords } from "./words";
import styles from "./safety.module.css";

/** JSON laid out for people; what is no JSON stays as it is. */
export function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function faultOf(body: string): string {
  try {
    JSON.parse(body);
    return "";
  } catch (error) {
    return messageOf(error);
  }
}

export function PolicyEditor({ start, onClose }: { start: string; onClose: () => void }) {
  const t = useSafetyWords();
  const r = useRuleWords();
  const { message, modal } = App.useApp();
  const [body, setBody] = useState(start);
  const [failure, setFailure] = useState("");
  const save = useGuardChange(() => api.post("/guard/policies", { body }));
  const fault = useMemo(() => faultOf(body), [body]);
  const policy = useMemo(() => policyOf(body), [body]);
  const keep = () =>
    save.mutate(undefined, {
      onSuccess: () => {
        void message.success(r("savedTry"), 6);
        onClose();
      },
      onError: (error) => setFailure(messageOf(error)),
    });
  const leave = () => {
    if (body === start) onClose();
    else void modal.confirm({ title: t("leaveTitle"), content: t("leaveHint"), okText: t("leave"), cancelText: t("stay"), okButtonProps: { danger: true }, onOk: onClose });
  };
  const said = failure || (fault ? r("badJson", { reason: fault }) : policy ? "" : r("noRules"));
  return (
    <Drawer
      open
      size={720}
      title={t("edit")}
      onClose={leave}
      footer={
        <Button type="primary" loading={save.isPending} disabled={Boolean(fault) || !policy || body === start} onClick={keep}>
          {t("saveDraft")}
        </Button>
      }
    >
      <p className={styles.hint}>{t("editHint")}</p>
      {said ? <p role="alert" className={styles.fault}>{said}</p> : null}
      <Input.TextArea
        aria-label={t("edit")}
        rows={20}
        spellCheck={false}
        style={{ fontFamily: "var(--font-code)", fontSize: 12 }}
        value={body}
        onChange={(event) => {
          setBody(event.target.value);
          setFailure("");
        }}
      />
      {policy ? <Rules policy={policy} /> : null}
    </Drawer>
  );
}
