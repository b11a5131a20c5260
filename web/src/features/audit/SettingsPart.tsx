/** The ledger's settings, changed by two people. */
import { App, Button, InputNumber, Switch } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useSession } from "@/api/session";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark } from "@/blocks/Mark";
import { PersonName } from "@/blocks/names";
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

const isSwitch = ({ least, most }: AuditSetting) => least === 0 && most === 1;

/** A value in words: switches are yes or no. */
function useValueWord(): (setting: AuditSetting | undefined, value: number) => string {
  const t = useAuditWords();
  return (setting, value) => (setting && isSwitch(setting) ? t(value ? "yes" : "no") : value.toLocaleString());
}

function OneSetting({ setting }: { setting: AuditSetting }) {
  const t = useAuditWords();
  const valueWord = useValueWord();
  const [value, setValue] = useState<number | null>(setting.value);
  const label = `${setting.help} ${t("newValue")}`;
  const propose = useAct((next: number) => api.post("/audit/settings", { name: setting.name, value: next }), t("proposed"));
  return (
    <li className={styles.card}>
      <div className={styles.row}>
        <span>
          <strong>{setting.help}</strong>
          <p className={styles.hint}>
            {`${t("value")} ${valueWord(setting, setting.value)}`}
            {isSwitch(setting) ? "" : ` · ${t("range", { least: setting.least.toLocaleString(), most: setting.most.toLocaleString() })}`}
          </p>
        </span>
        <span>
          {isSwitch(setting) ? (
            <Switch aria-label={label} checked={value === 1} checkedChildren={t("yes")} unCheckedChildren={t("no")} onChange={(on) => setValue(on ? 1 : 0)} />
          ) : (
            <InputNumber min={setting.least} max={setting.most} precision={0} aria-label={label} value={value} onChange={setValue} />
          )}{" "}
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

function Change({ change, setting }: { change: SettingChange; setting: AuditSetting | undefined }) {
  const t = useAuditWords();
  const valueWord = useValueWord();
  const me = useSession().data?.person?.id;
  const decide = useAct((word: "approve" | "refuse") => api.post(`/audit/settings/${change.id}/${word}`), t("decided"));
  const before = change.approved === null && setting ? `${valueWord(setting, setting.value)} ` : "";
  return (
    <li className={styles.card}>
      <div className={styles.row}>
        <span>
          <strong>{setting?.help ?? change.name}</strong> {`${before}→ ${valueWord(setting, change.value)}`}
          <p className={styles.hint}>
            <PersonName id={change.proposed_by} /> · <LocalTime at={change.proposed_at} />
          </p>
        </span>
        {change.approved === null ? (
          change.proposed_by === me ? (
            <span className={styles.dim}>{t("own")}</span>
          ) : (
            <span style={{ display: "flex", gap: 8 }}>
              <Button type="primary" size="small" loading={decide.isPending} onClick={() => decide.mutate("approve")}>
                {t("approve")}
              </Button>
              <Button size="small" disabled={decide.isPending} onClick={() => decide.mutate("refuse")}>
                {t("refuse")}
              </Button>
            </span>
          )
        ) : (
          <span>
            <Mark tone={change.approved ? "ink" : "plain"}>{t(change.approved ? "approvedOne" : "refusedOne")}</Mark> <PersonName id={change.decided_by} />{" "}
            <span className={styles.dim}>
              <LocalTime at={change.decided_at} />
            </span>
          </span>
        )}
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
        const listed = (some: SettingChange[]) => (
          <ul className={styles.plain}>
            {some.map((change) => (
              <Change key={change.id} change={change} setting={all.find(({ name }) => name === change.name)} />
            ))}
          </ul>
        );
        const waiting = changes.filter(({ approved }) => approved === null);
        const past = changes.filter(({ approved }) => approved !== null);
        return (
          <>
            <ul className={styles.plain}>
              {all.map((setting) => (
                <OneSetting key={`${setting.name}/${setting.value}`} setting={setting} />
              ))}
            </ul>
            <h2 className={styles.part}>{t("waiting")}</h2>
            {waiting.length ? listed(waiting) : <p className={styles.hint}>{t("noWaiting")}</p>}
            {past.length ? <h2 className={styles.part}>{t("past")}</h2> : null}
            {listed(past)}
          </>
        );
      }}
    </Loaded>
  );
}
