/** The ledger's settings, changed by two people. */
import { App, Button, InputNumber } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { LocalTime } from "@/blocks/LocalTime";
import { Loaded } from "@/blocks/States";
import { useAuditSettings, type AuditSetting, type SettingChange } from "./records";
import { useAuditWords } from "./words";
import styles from "./audit.module.css";

function useAct<Given>(act: (given: Given) => Promise<unknown>, done: string) {
  const client = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      void message.success(done);
      return client.invalidateQueries({ queryKey: ["audit", "settings"] });
    },
    onError: (error) => void message.error(messageOf(error)),
  });
}

function OneSetting({ setting }: { setting: AuditSetting }) {
  const t = useAuditWords();
  const [value, setValue] = useState<number | null>(setting.value);
  const propose = useAct((next: number) => api.post("/audit/settings", { name: setting.name, value: next }), t("proposed"));
  return (
    <li className={styles.card}>
      <div className={styles.row}>
        <span>
          <strong>{setting.help}</strong>
          <p className={styles.hint}>{`${t("value")} ${setting.value}`}</p>
        </span>
        <span>
          <InputNumber min={setting.least} max={setting.most} precision={0} aria-label={`${setting.help} ${t("newValue")}`} value={value} onChange={setValue} />{" "}
          <Button
            disabled={value === null || value === setting.value}
            loading={propose.isPending}
            onClick={() => value !== null && propose.mutate(value)}
          >
            {t("propose")}
          </Button>
        </span>
      </div>
    </li>
  );
}

function Change({ change, title }: { change: SettingChange; title: string }) {
  const t = useAuditWords();
  const decide = useAct((word: "approve" | "refuse") => api.post(`/audit/settings/${change.id}/${word}`), t("decided"));
  return (
    <li className={styles.card}>
      <div className={styles.row}>
        <span>
          <strong>{title}</strong> → {change.value}
          <p className={styles.hint}>
            {change.proposed_by} · <LocalTime at={change.proposed_at} />
          </p>
        </span>
        <span style={{ display: "flex", gap: 8 }}>
          <Button type="primary" size="small" onClick={() => decide.mutate("approve")}>
            {t("approve")}
          </Button>
          <Button size="small" onClick={() => decide.mutate("refuse")}>
            {t("refuse")}
          </Button>
        </span>
      </div>
    </li>
  );
}

export function SettingsPart() {
  const t = useAuditWords();
  const settings = useAuditSettings();
  return (
    <Loaded query={settings}>
      {({ settings: all, changes }) => {
        const waiting = changes.filter(({ approved }) => approved === null);
        return (
          <>
            <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
              {all.map((setting) => (
                <OneSetting key={`${setting.name}/${setting.value}`} setting={setting} />
              ))}
            </ul>
            <h2 style={{ fontSize: 14 }}>{t("waiting")}</h2>
            {waiting.length ? (
              <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
                {waiting.map((change) => (
                  <Change key={change.id} change={change} title={all.find(({ name }) => name === change.name)?.help ?? change.name} />
                ))}
              </ul>
            ) : (
              <p className={styles.hint}>{t("noWaiting")}</p>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
