/** Who answers for a document, when it is looked at again, and how far it is kept. */
import { App, Form, Modal, Select } from "antd";
import { api, messageOf } from "@/api/client";
import { DayInput } from "@/blocks/DayInput";
import { useBlockWords } from "@/blocks/words";
import { PersonSelect } from "@/features/admin/PersonSelect";
import { useDocumentWords } from "./documentWords";
import { useChange } from "./queries";
import type { DocumentCard, Level } from "./records";

interface OwnershipForm {
  owner_id: string | null;
  review_on: string;
  level: Level;
}

const LEVELS: Level[] = ["public", "internal", "confidential", "secret"];

export function Ownership({ card, onClose }: { card: DocumentCard; onClose: () => void }) {
  const t = useDocumentWords();
  const common = useBlockWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<OwnershipForm>();
  const change = useChange(async ({ owner_id, review_on, level }: OwnershipForm) => {
    const asked = { owner_id: owner_id ?? "", review_on: review_on || null, clear_review: !review_on };
    await api.patch<unknown>(`/knowledge/documents/${card.id}`, asked);
    if (level !== card.level) await api.put<unknown>(`/knowledge/documents/${card.id}/level`, { level });
  });
  const save = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      await change.mutateAsync(given);
      void message.success(t("saved"));
      onClose();
    } catch (error) {
      form.setFields([{ name: "owner_id", errors: [messageOf(error)] }]);
    }
  };
  const start: OwnershipForm = { owner_id: card.owner?.id ?? null, review_on: card.review_on ?? "", level: card.level };
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
          <DayInput />
        </Form.Item>
        <Form.Item name="level" label={t("level")}>
          <Select options={LEVELS.map((level) => ({ value: level, label: t(level) }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
