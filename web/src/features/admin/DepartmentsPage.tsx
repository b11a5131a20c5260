/** The tree of departments, with what can be done to each. */
import { App, Button, Form, Input, Modal, Tree } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { Loaded, State } from "@/blocks/States";
import { useBlockWords } from "@/blocks/words";
import { DepartmentSelect } from "./holders";
import { useAdminChange, useDepartments } from "./queries";
import type { Department } from "./records";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

interface Editing {
  /** The department to change; a new one when null. */
  department: Department | null;
  parentId: string | null;
}

interface DepartmentForm {
  name: string;
  parent_id: string | null;
}

function Editor({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const t = useAdminWords();
  const common = useBlockWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<DepartmentForm>();
  const { department, parentId } = editing;
  const save = useAdminChange((given: DepartmentForm) =>
    department ? api.patch(`/departments/${department.id}`, given) : api.post("/departments", given),
  );
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      await save.mutateAsync({ name: given.name.trim(), parent_id: given.parent_id ?? null });
      void message.success(t("saved"));
      onClose();
    } catch (error) {
      form.setFields([{ name: "name", errors: [messageOf(error)] }]);
    }
  };
  return (
    <Modal
      open
      title={department ? department.name : t("add")}
      okText={t("save")}
      cancelText={common("cancel")}
      confirmLoading={save.isPending}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ name: department?.name ?? "", parent_id: parentId }}>
        <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
          <Input maxLength={100} autoFocus />
        </Form.Item>
        <Form.Item name="parent_id" label={t("move")}>
          <DepartmentSelect />
        </Form.Item>
      </Form>
    </Modal>
  );
}

interface Node {
  key: string;
  department: Department;
  children: Node[];
}

const nodesOf = (departments: Department[]): Node[] =>
  departments.map((department) => ({ key: department.id, department, children: nodesOf(department.children) }));

export function DepartmentsPage() {
  const t = useAdminWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const departments = useDepartments();
  const [editing, setEditing] = useState<Editing | null>(null);
  const remove = useAdminChange((id: string) => api.remove(`/departments/${id}`));
  const addTop = (
    <Button type="primary" onClick={() => setEditing({ department: null, parentId: null })}>
      {t("addTop")}
    </Button>
  );
  const askRemove = ({ id, name }: Department) =>
    ask({
      title: `${t("remove")} “${name}”`,
      consequence: t("departmentRemoveHint", { name }),
      verb: t("remove"),
      act: () => remove.mutateAsync(id).catch((error: unknown) => message.error(messageOf(error))),
    });
  const draw = ({ department }: Node) => (
    <span className={styles.row} style={{ justifyContent: "flex-start" }}>
      <span>{department.name}</span>
      <span className={styles.dim}>{t("people_n", { n: department.people })}</span>
      <span className={styles.acts}>
        <Button type="link" size="small" onClick={() => setEditing({ department: null, parentId: department.id })}>
          {t("addBelow")}
        </Button>
        <Button type="link" size="small" onClick={() => setEditing({ department, parentId: department.parent_id })}>
          {t("edit")}
        </Button>
        {department.people === 0 && department.children.length === 0 ? (
          <Button type="link" size="small" danger onClick={() => askRemove(department)}>
            {t("remove")}
          </Button>
        ) : null}
      </span>
    </span>
  );
  return (
    <>
      <Loaded
        query={departments}
        isEmpty={({ items }) => items.length === 0}
        empty={<State title={t("noDepartments")} hint={t("noDepartmentsHint")} action={addTop} />}
      >
        {({ items }) => (
          <>
            <div className={styles.tools}>{addTop}</div>
            <div className={styles.card}>
              <Tree<Node> treeData={nodesOf(items)} titleRender={draw} defaultExpandAll selectable={false} blockNode />
            </div>
          </>
        )}
      </Loaded>
      {editing ? <Editor editing={editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
