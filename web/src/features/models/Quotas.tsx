/** How much departments, people and applications may use, and what is spent. */
import { App, Button, Form, Input, InputNumber, Modal, Select, Table } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { Loaded, State } from "@/blocks/States";
import { useModelChange, useQuotas, type Quota } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

type QuotaForm = Pick<Quota, "holder_kind" | "holder_id" | "tokens_per_day" | "requests_per_minute" | "streams_max">;
const EACH = "*";

function Editor({ quota, onClose }: { quota: Quota | null; onClose: () => void }) {
  const t = useModelWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<QuotaForm>();
  const save = useModelChange((given: QuotaForm) => api.put("/quotas", given));
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      await save.mutateAsync(given);
      void message.success(t("saved"));
      onClose();
    } catch (error) {
      form.setFields([{ name: "holder_id", errors: [messageOf(error)] }]);
    }
  };
  const start: QuotaForm = quota ?? { holder_kind: "department", holder_id: EACH, tokens_per_day: null, requests_per_minute: null, streams_max: null };
  const bound = (name: "tokens_per_day" | "requests_per_minute" | "streams_max", label: string) => (
    <Form.Item name={name} label={label}>
      <InputNumber min={0} precision={0} placeholder={t("unlimited")} style={{ width: "100%" }} />
    </Form.Item>
  );
  return (
    <Modal open title={t("addQuota")} okText={t("save")} cancelText={t("cancel")} confirmLoading={save.isPending} onOk={() => void submit()} onCancel={onClose}>
      <p className={styles.hint}>{t("quotaHint")}</p>
      <Form form={form} layout="vertical" initialValues={start} requiredMark={false}>
        <Form.Item name="holder_kind" label={t("holder")}>
          <Select disabled={quota !== null} options={(["department", "person", "application"] as const).map((kind) => ({ value: kind, label: t(kind) }))} />
        </Form.Item>
        <Form.Item name="holder_id" rules={[{ required: true, message: t("holderNeeded") }]}>
          <Input aria-label={t("holder")} disabled={quota !== null} maxLength={200} />
        </Form.Item>
        {bound("tokens_per_day", t("tokensPerDay"))}
        {bound("requests_per_minute", t("requestsPerMinute"))}
        {bound("streams_max", t("streams"))}
      </Form>
    </Modal>
  );
}

export function Quotas() {
  const t = useModelWords();
  const quotas = useQuotas();
  const [editing, setEditing] = useState<Quota | "new" | null>(null);
  const add = (
    <Button type="primary" onClick={() => setEditing("new")}>
      {t("addQuota")}
    </Button>
  );
  const bound = (value: number | null) => (value === null ? <span className={styles.dim}>{t("unlimited")}</span> : value.toLocaleString());
  return (
    <>
      <Loaded query={quotas} isEmpty={({ items }) => items.length === 0} empty={<State title={t("noQuotas")} action={add} />}>
        {({ items }) => (
          <>
            <div className={styles.tools}>{add}</div>
            <Table<Quota>
              rowKey={({ holder_kind, holder_id }) => `${holder_kind}/${holder_id}`}
              size="small"
              dataSource={items}
              pagination={false}
              scroll={{ x: 760 }}
              columns={[
                {
                  title: t("holder"),
                  render: (_, quota) => (
                    <Button type="link" style={{ padding: 0 }} onClick={() => setEditing(quota)}>
                      {`${t(quota.holder_kind)} ${quota.holder_id === EACH ? t("each") : quota.holder_id}`}
                    </Button>
                  ),
                },
                {
                  title: t("tokensPerDay"),
                  align: "right",
                  render: (_, { tokens_per_day, tokens_today }) => (
                    <>
                      {bound(tokens_per_day)}
                      <div className={styles.dim}>{t("spent", { n: tokens_today.toLocaleString() })}</div>
                    </>
                  ),
                },
                { title: t("requestsPerMinute"), align: "right", render: (_, { requests_per_minute }) => bound(requests_per_minute) },
                { title: t("streams"), align: "right", render: (_, { streams_max }) => bound(streams_max) },
              ]}
            />
          </>
        )}
      </Loaded>
      {editing ? <Editor quota={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
