/** The signed ends of the chain and where they are kept, and what can be taken out for others to verify. */
import { App, Button, Select, Table } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { CopyButton } from "@/blocks/CopyButton";
import { LocalTime } from "@/blocks/LocalTime";
import { Loaded, State } from "@/blocks/States";
import { useHeads, type SignedHead } from "./records";
import { useAuditWords } from "./words";
import styles from "./audit.module.css";

export function Proofs() {
  const t = useAuditWords();
  const heads = useHeads();
  const [form, setForm] = useState<"ocsf" | "cef">("ocsf");
  const client = useQueryClient();
  const { message } = App.useApp();
  const sign = useMutation({
    mutationFn: () => api.post("/audit/heads"),
    onSuccess: () => {
      void message.success(t("signed"));
      return client.invalidateQueries({ queryKey: ["audit", "heads"] });
    },
    onError: (error) => void message.error(messageOf(error)),
  });
  return (
    <>
      <p className={styles.hint}>{t("headsHint")}</p>
      <div className={styles.tools}>
        <Button loading={sign.isPending} onClick={() => sign.mutate()}>
          {t("sign")}
        </Button>
        <Button href="/api/audit/export" download>
          {t("exportChain")}
        </Button>
        <span className={styles.spring} />
        <Select aria-label={t("form")} value={form} onChange={setForm} options={(["ocsf", "cef"] as const).map((one) => ({ value: one, label: t(one) }))} />
        <Button href={`/api/audit/siem?form=${form}`} download={form === "ocsf" ? "ledger-ocsf.jsonl" : "ledger.cef"}>
          {t("exportSiem")}
        </Button>
      </div>
      <p className={styles.hint}>
        {t("exportHint")} <CopyButton label={t("copyCommand")} text="yinshu audit verify ledger.jsonl --head ledger.head" />
      </p>
      <Loaded query={heads} isEmpty={({ items }) => items.length === 0} empty={<State title={t("noHeads")} />}>
        {({ items }) => (
          <Table<SignedHead>
            rowKey={({ seq, at }) => `${seq}/${at}`}
            size="small"
            dataSource={items}
            pagination={items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
            scroll={{ x: 720 }}
            columns={[
              { title: t("seq"), dataIndex: "seq", width: 80, align: "right" },
              { title: t("at"), width: 160, render: (_, { at }) => <LocalTime at={at} /> },
              { title: t("hash"), dataIndex: "hash", className: styles.mono },
              { title: t("algorithm"), dataIndex: "algorithm", width: 100 },
              { title: t("anchored"), width: 200, render: (_, { anchored_to }) => [anchored_to ?? []].flat().join("、") || t("notAnchored") },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}
