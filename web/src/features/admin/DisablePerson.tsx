/** Somebody leaves: what ends, and who takes their work over. */
import { App, Form, Modal } from "antd";
import { api, messageOf } from "@/api/client";
import { useBlockWords } from "@/blocks/words";
import { usePeopleWords } from "./peopleWords";
import { PersonSelect } from "./PersonSelect";
import { useAdminChange } from "./queries";
import type { PersonRow } from "./records";
import styles from "./admin.module.css";

export function DisablePerson({ person, onClose }: { person: PersonRow; onClose: (done: boolean) => void }) {
  const t = usePeopleWords();
  const common = useBlockWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ hand_over_to: string }>();
  const disable = useAdminChange((given: { hand_over_to: string }) => api.post(`/people/${person.id}/disable`, given));
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      await disable.mutateAsync(given);
      void message.success(t("disabledDone"));
      onClose(true);
    } catch (error) {
      form.setFields([{ name: "hand_over_to", errors: [messageOf(error)] }]);
    }
  };
  return (
    <Modal
      open
      title={t("disableTitle", { name: person.name })}
      okText={t("disable")}
      cancelText={common("cancel")}
      okButtonProps={{ danger: true }}
      confirmLoading={disable.isPending}
      onOk={() => void submit()}
      onCancel={() => onClose(false)}
    >
      <p className={styles.hint}>{t("disableHint", { name: person.name })}</p>
      <Form form={form} layout="vertical" requiredMark={false}>
        <Form.Item name="hand_over_to" label={t("handOver")} extra={t("handOverHint")} rules={[{ required: true, message: t("handOverNeeded") }]}>
          <PersonSelect except={person.id} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
