/** The form of one quota: for whom, and the bounds. */
import { App, Button, Form, Input, InputNumber, Modal, Segmented, Select, TreeSelect } from "antd";
import { api, messageOf } from "@/api/client";
import { PersonSelect } from "@/features/admin/PersonSelect";
import { useDepartments } from "@/features/admin/queries";
import type { Department } from "@/features/admin/records";
import { useModelChange, type Quota } from "./records";
import { useQuotaWords } from "./quotaWords";
import styles from "./models.module.css";

export const EACH = "*";
export const BOUNDS = ["tokens_per_day", "requests_per_minute", "streams_max"] as const;
const KINDS = ["department", "person", "application"] as const;

type Holder = Pick<Quota, "holder_kind" | "holder_id">;
type Bounds = Pick<Quota, (typeof BOUNDS)[number]>;
type QuotaForm = Omit<Holder & Bounds, "holder_id"> & { of: "one" | "each"; holder_id?: string | null };

interface Node {
  value: string;
  title: string;
  children: Node[];
}

/** Departments by their path, which is how quotas name them. */
export function pathsOf(departments: readonly Department[]): Node[] {
  return departments.map(({ path, name, children }) => ({ value: path, title: name, children: pathsOf(children) }));
}

function DepartmentPath({ value, onChange, id }: { value?: string; onChange?: (path: string) => void; id?: string }) {
  const departments = useDepartments().data?.items ?? [];
  const t = useQuotaWords();
  return (
    <TreeSelect
      id={id}
      showSearch={{ treeNodeFilterProp: "title" }}
      treeDefaultExpandAll
      placeholder={t("department")}
      value={value}
      treeData={pathsOf(departments)}
      onChange={onChange}
    />
  );
}

interface QuotaEditorProps {
  /** The quota to change; null for a new one. */
  quota: Quota | null;
  name: string;
  onClose: () => void;
}

export function QuotaEditor({ quota, name, onClose }: QuotaEditorProps) {
  const t = useQuotaWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<QuotaForm>();
  const kind = Form.useWatch("holder_kind", form) ?? quota?.holder_kind ?? "department";
  const isOne = (Form.useWatch("of", form) ?? "one") === "one";
  const save = useModelChange((given: Holder & Bounds) => api.put("/quotas", given));
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    if (BOUNDS.every((bound) => given[bound] == null)) {
      form.setFields([{ name: "tokens_per_day", errors: [t("needOne")] }]);
      return;
    }
    const bounds = Object.fromEntries(BOUNDS.map((bound) => [bound, given[bound] ?? null])) as unknown as Bounds;
    const holder = quota ?? { holder_kind: given.holder_kind, holder_id: given.of === "each" ? EACH : (given.holder_id ?? "") };
    try {
      await save.mutateAsync({ holder_kind: holder.holder_kind, holder_id: holder.holder_id, ...bounds });
      void message.success(t("saved"));
      onClose();
    } catch (error) {
      form.setFields([{ name: "tokens_per_day", errors: [messageOf(error)] }]);
    }
  };
  const start: Partial<QuotaForm> = quota
    ? Object.fromEntries(BOUNDS.map((bound) => [bound, quota[bound]]))
    : { holder_kind: "person", of: "each" };
  return (
    <Modal
      open
      title={quota ? `${t("change")}：${name}` : t("add")}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {t("cancel")}
        </Button>,
        <Button key="save" type="primary" loading={save.isPending} onClick={() => void submit()}>
          {t("save")}
        </Button>,
      ]}
    >
      <p className={styles.hint}>{t("hint")}</p>
      <Form form={form} layout="vertical" initialValues={start} requiredMark={false}>
        {quota ? null : (
          <>
            <Form.Item name="holder_kind" label={t("holder")}>
              <Select options={KINDS.map((one) => ({ value: one, label: t(one) }))} onChange={() => form.setFieldValue("holder_id", undefined)} />
            </Form.Item>
            <Form.Item name="of">
              <Segmented aria-label={t("holder")} options={(["each", "one"] as const).map((one) => ({ value: one, label: t(one) }))} />
            </Form.Item>
            {isOne ? (
              <Form.Item
                name="holder_id"
                label={t(kind)}
                extra={kind === "application" ? t("applicationHint") : undefined}
                rules={[{ required: true, whitespace: true, message: t("holderNeeded") }]}
              >
                {kind === "person" ? <PersonSelect /> : kind === "department" ? <DepartmentPath /> : <Input maxLength={120} />}
              </Form.Item>
            ) : null}
          </>
        )}
        {BOUNDS.map((bound) => (
          <Form.Item key={bound} name={bound} label={t(bound)}>
            <InputNumber min={0} precision={0} placeholder={t("unlimited")} style={{ width: "100%" }} />
          </Form.Item>
        ))}
      </Form>
    </Modal>
  );
}
