/** The form of a question with its answer, sources, owner and expiry. */
import { App, Form, Input, Modal, Switch } from "antd";
import { api, messageOf } from "@/api/client";
import { usePerson } from "@/api/session";
import { DayInput } from "@/blocks/DayInput";
import { useBlockWords } from "@/blocks/words";
import { PersonSelect } from "@/features/admin/PersonSelect";
import { ClauseSelect, type ChosenClause } from "./ClauseSelect";
import { useFaqWords } from "./faqWords";
import { useChange } from "./queries";
import type { Faq } from "./records";
import styles from "./document.module.css";

interface FaqForm {
  question: string;
  answer: string;
  clauses: ChosenClause[];
  owner_id: string;
  expires_on: string;
  pinned: boolean;
}

interface FaqEditorProps {
  /** The question to change; a new one when null. */
  faq: Faq | null;
  /** What a new question begins with. */
  question?: string;
  collectionId: string;
  onClose: () => void;
}

function startOf(faq: Faq | null, me: string, question: string): FaqForm {
  if (!faq) return { question, answer: "", clauses: [], owner_id: me, expires_on: "", pinned: false };
  return {
    question: faq.question,
    answer: faq.answer,
    clauses: faq.citations.map(({ clause_id, document, article }) => ({
      value: clause_id,
      label: [document, article].filter(Boolean).join(" › "),
    })),
    owner_id: faq.owner?.id ?? me,
    expires_on: faq.expires_on ?? "",
    pinned: faq.pinned,
  };
}

export function FaqEditor({ faq, question = "", collectionId, onClose }: FaqEditorProps) {
  const t = useFaqWords();
  const common = useBlockWords();
  const me = usePerson();
  const { message } = App.useApp();
  const [form] = Form.useForm<FaqForm>();
  const save = useChange((given: object) =>
    faq
      ? api.patch<unknown>(`/knowledge/faq/${faq.id}`, given)
      : api.post<unknown>("/knowledge/faq", given),
  );
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    const { clauses, expires_on, ...rest } = given;
    try {
      await save.mutateAsync({ ...rest, collection_id: collectionId, citations: clauses.map(({ value }) => ({ clause_id: value })), expires_on: expires_on || null });
      void message.success(t("saved"));
      onClose();
    } catch (error) {
      form.setFields([{ name: "answer", errors: [messageOf(error)] }]);
    }
  };
  const words = [{ required: true, whitespace: true }];
  return (
    <Modal
      open
      width={640}
      title={faq ? t("editTitle") : t("add")}
      okText={common("confirm")}
      cancelText={common("cancel")}
      confirmLoading={save.isPending}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" initialValues={startOf(faq, me.id, question)} requiredMark={false}>
        <Form.Item name="question" label={t("question")} rules={[{ ...words[0], message: t("questionNeeded") }]}>
          <Input maxLength={500} autoFocus />
        </Form.Item>
        <Form.Item name="clauses" label={t("sources")} rules={[{ required: true, type: "array", min: 1, message: t("sourcesNeeded") }]}>
          <ClauseSelect collectionId={collectionId} />
        </Form.Item>
        <Form.Item name="answer" label={t("answer")} extra={t("answerHint")} rules={[{ ...words[0], message: t("answerNeeded") }]}>
          <Input.TextArea rows={5} maxLength={2000} />
        </Form.Item>
        <div className={styles.sub} style={{ alignItems: "flex-start" }}>
          <Form.Item name="owner_id" label={t("owner")} style={{ minWidth: 200 }}>
            <PersonSelect known={faq?.owner ?? me} />
          </Form.Item>
          <Form.Item name="expires_on" label={t("expires")} extra={t("expiresHint")}>
            <DayInput />
          </Form.Item>
          <Form.Item name="pinned" label={t("pinned")} valuePropName="checked">
            <Switch />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
