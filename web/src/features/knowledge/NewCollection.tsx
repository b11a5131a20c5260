/** The form of a new collection: what it is called and for whom it is. */
import { App, Form, Input, Modal, Radio } from "antd";
import { messageOf } from "@/api/client";
import { useBlockWords } from "@/blocks/words";
import { DepartmentSelect } from "@/features/admin/holders";
import { PersonSelect } from "@/features/admin/PersonSelect";
import { useCreateCollection, type CollectionForm } from "./queries";
import type { Collection, CollectionKind } from "./records";
import { useLibraryWords } from "./words";

interface NewCollectionProps {
  open: boolean;
  /** The kinds that this person may make. */
  kinds: CollectionKind[];
  onClose: (created?: Collection) => void;
}

export function NewCollection({ open, kinds, onClose }: NewCollectionProps) {
  const t = useLibraryWords();
  const common = useBlockWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<CollectionForm>();
  const create = useCreateCollection();
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      const created = await create.mutateAsync(given);
      void message.success(t("created", { name: created.name }));
      form.resetFields();
      onClose(created);
    } catch (error) {
      form.setFields([{ name: "name", errors: [messageOf(error)] }]);
    }
  };
  const kind = Form.useWatch("kind", form);
  const hints = { enterprise: t("enterpriseHint"), department: t("departmentHint"), personal: t("personalHint") };
  return (
    <Modal
      open={open}
      title={t("newCollection")}
      okText={t("create")}
      cancelText={common("cancel")}
      confirmLoading={create.isPending}
      onOk={() => void submit()}
      onCancel={() => onClose()}
    >
      <Form form={form} layout="vertical" initialValues={{ kind: kinds.at(-1) }} requiredMark={false}>
        <Form.Item name="name" label={t("nameLabel")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
          <Input maxLength={100} placeholder={t("namePlaceholder")} autoFocus />
        </Form.Item>
        <Form.Item name="kind" label={t("kindLabel")}>
          <Radio.Group
            vertical
            options={kinds.map((one) => ({
              value: one,
              label: (
                <>
                  {t(one)} <small style={{ color: "var(--text-faint)" }}>{hints[one]}</small>
                </>
              ),
            }))}
          />
        </Form.Item>
        {kind === "department" ? (
          <Form.Item name="department_id" label={t("whichDepartment")} rules={[{ required: true, message: t("departmentNeeded") }]}>
            <DepartmentSelect />
          </Form.Item>
        ) : null}
        {kind === "department" || kind === "enterprise" ? (
          <Form.Item name="owner_id" label={t("owner")} extra={t("ownerHint")} rules={[{ required: true, message: t("ownerNeeded") }]}>
            <PersonSelect />
          </Form.Item>
        ) : null}
      </Form>
    </Modal>
  );
}
