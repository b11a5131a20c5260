/** Every setting with its value, where that comes from and what it is for. */
import { Input, Table } from "antd";
import { useState } from "react";
import { Loaded } from "@/blocks/States";
import { useSettings } from "./queries";
import type { SettingRow } from "./records";
import { useSystemWords } from "./systemWords";
import styles from "./admin.module.css";

const SOURCES = {
  default: "fromDefault",
  environment: "fromEnvironment",
  governance: "fromGovernance",
  file: "fromFile",
} as const;

function Rows({ settings }: { settings: SettingRow[] }) {
  const t = useSystemWords();
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const found = settings.filter(({ name, help }) => `${name} ${help}`.toLowerCase().includes(wanted));
  return (
    <>
      <div className={styles.tools}>
        <Input.Search
          allowClear
          aria-label={t("searchSettings")}
          placeholder={t("searchSettings")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      <Table<SettingRow>
        rowKey="name"
        size="small"
        dataSource={found}
        pagination={false}
        scroll={{ x: 640 }}
        columns={[
          {
            title: t("setting"),
            render: (_, { name, help }) => (
              <>
                {help}
                <div className={`${styles.mono} ${styles.dim}`}>{name}</div>
              </>
            ),
          },
          {
            title: t("value"),
            width: 240,
            render: (_, { value }) =>
              value === null || value === "" ? <span className={styles.dim}>{t("empty")}</span> : <span className={styles.mono}>{String(value)}</span>,
          },
          {
            title: t("source"),
            width: 120,
            render: (_, { source }) => (source in SOURCES ? t(SOURCES[source as keyof typeof SOURCES]) : source),
          },
        ]}
      />
    </>
  );
}

export function SettingsPage() {
  const t = useSystemWords();
  const settings = useSettings();
  return (
    <>
      <p className={styles.hint}>{t("settingsHint")}</p>
      <Loaded query={settings} rows={12}>
        {({ items }) => <Rows settings={items} />}
      </Loaded>
    </>
  );
}
