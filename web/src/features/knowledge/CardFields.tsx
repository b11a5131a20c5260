/** What the text says of itself, each with its source words, to be confirmed or corrected. */
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { messageOf } from "@/api/client";
import { Mark } from "@/blocks/Mark";
import { useBlockWords } from "@/blocks/words";
import { useDocumentWords } from "./documentWords";
import { useCorrectCard } from "./queries";
import { FIELD_NAMES, type DocumentCard, type Field, type FieldName } from "./records";
import styles from "./document.module.css";

const DAYS: readonly FieldName[] = ["issued_on", "effective_from", "effective_to"];
const DAY_SHAPE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

interface CorrectionProps {
  versionId: string;
  name: FieldName;
  value: string;
  onClose: () => void;
}

function Correction({ versionId, name, value, onClose }: CorrectionProps) {
  const t = useDocumentWords();
  const common = useBlockWords();
  const { message } = App.useApp();
  const correct = useCorrectCard(versionId);
  const [form] = Form.useForm<{ value: string }>();
  const save = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      const { waiting } = await correct.mutateAsync({ fields: { [name]: given.value.trim() } });
      void message.success(t(waiting.length ? "waitsForSecond" : "saved"));
      onClose();
    } catch (error) {
      form.setFields([{ name: "value", errors: [messageOf(error)] }]);
    }
  };
  const shape = DAYS.includes(name) ? [{ pattern: DAY_SHAPE, message: t("dayShape") }] : [];
  return (
    <Modal
      open
      title={t("correctTitle", { name: t(name) })}
      okText={t("correct")}
      cancelText={common("cancel")}
      confirmLoading={correct.isPending}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <p className={styles.hint}>{t("correctHint")}</p>
      <Form form={form} layout="vertical" initialValues={{ value }} requiredMark={false}>
        <Form.Item name="value" label={t(name)} rules={[{ required: true, whitespace: true, message: t("valueNeeded") }, ...shape]}>
          <Input maxLength={500} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Source({ documentId, field }: { documentId: string; field: Field }) {
  const t = useDocumentWords();
  if (!field.quote) return null;
  const place = [field.article, field.page ? t("pageNo", { n: field.page }) : ""].filter(Boolean).join(" · ");
  return (
    <blockquote>
      {field.quote}{" "}
      {field.clause_id ? (
        <Link to={`/knowledge/documents/${documentId}?tab=text&clause=${field.clause_id}`}>{place || t("source")}</Link>
      ) : null}
    </blockquote>
  );
}

export function CardFields({ card }: { card: DocumentCard }) {
  const t = useDocumentWords();
  const { message } = App.useApp();
  const [correcting, setCorrecting] = useState<FieldName | null>(null);
  const confirm = useCorrectCard(card.version_id);
  const mayChange = card.may.includes("ingest") || card.may.includes("manage");
  const proposed = FIELD_NAMES.filter((name) => card.fields[name]?.mark === "machine_proposed");
  const confirmThese = (names: FieldName[]) =>
    confirm.mutate({ confirm: names }, { onError: (error) => void message.error(messageOf(error)) });
  return (
    <section className={styles.block}>
      <h2>
        {t("fields")}
        {mayChange && proposed.length > 1 ? (
          <Button size="small" loading={confirm.isPending} onClick={() => confirmThese(proposed)}>
            {t("confirmAll")}
          </Button>
        ) : null}
      </h2>
      {proposed.length && mayChange ? <p className={styles.hint}>{t("fieldsHint")}</p> : null}
      <dl style={{ margin: 0 }}>
        {FIELD_NAMES.map((name) => {
          const field = card.fields[name];
          return (
            <div key={name} className={styles.field}>
              <dt>{t(name)}</dt>
              <dd>
                {field ? field.value : <span className={styles.dim}>{t("notSaid")}</span>}
                {field ? <Source documentId={card.id} field={field} /> : null}
              </dd>
              <dd className={styles.acts}>
                {field ? (
                  <Mark tone={field.mark === "confirmed" ? "verified" : "needs"}>
                    {field.mark === "confirmed" ? t("confirmed") : t("machine")}
                  </Mark>
                ) : null}
                {mayChange && field?.mark === "machine_proposed" ? (
                  <Button type="link" size="small" onClick={() => confirmThese([name])}>
                    {t("confirm")}
                  </Button>
                ) : null}
                {mayChange ? (
                  <Button type="link" size="small" onClick={() => setCorrecting(name)}>
                    {t("correct")}
                  </Button>
                ) : null}
              </dd>
            </div>
          );
        })}
      </dl>
      {correcting ? (
        <Correction
          versionId={card.version_id}
          name={correcting}
          value={card.fields[correcting]?.value ?? ""}
          onClose={() => setCorrecting(null)}
        />
      ) : null}
    </section>
  );
}
