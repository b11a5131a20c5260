/** Who answers for a document, when it is looked at again, and how far it is kept. */
import { App, Form, Input, Modal, Select } from "antd";
import { api, messageOf } from "@/api/client";
import { useBlockWords } from "@/blocks/words";
import { PersonSelect } from "@/features/admin/PersonSelect";
import { useDocumentWords } from "./documentWords";
import { useChange } from "./queries";
import type { DocumentCard, Level } from "./records";

interface Form_ {
  owner_id: string | null;
  review_on: string;
  level: Level;
}

const LEVELS: Level[] = ["public", "internal", "confidential", "secret"];

export function Ownership({ card, onClose }: { card: DocumentCard; onClose: () => void }) {
  const t = useDocumentWords();
  const common = useBlockWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<Form_>();
  const change = useChange((given: object) => api.patch<unknown>(`/knowledge/documents/${card.id}`, given));
  const save = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      await change.mutateAsync({ ...given, review_on: given.review_on || null, owner_id: given.owner_id ?? null });
      void message.success(t("saved"));
      onClose();
    } catch (error) {
      form.setFields([{ name: "owner_id", errors: [messageOf(error)] }]);
    }
  };
  const start: Form_ = { owner_id: card.owner?.id ?? null, review_on: card.review_on ?? "", level: card.level };
  return (
    <Modal
      open
      title={card.title}
      okText={common("confirm")}
      cancelText={common("cancel")}
      confirmLoading={change.isPending}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" initialValues={start} requiredMark={false}>
        <Form.Item name="owner_id" label={t("owner")}>
          <PersonSelect known={card.owner} />
        </Form.Item>
        <Form.Item name="review_on" label={t("reviewOn")}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="level" label={t("level")}>
          <Select options={LEVELS.map((level) => ({ value: level, label: t(level) }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
