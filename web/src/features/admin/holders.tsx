/** To whom a right can be given: departments, posts, roles and people, as one choice. */
import { Select, Space, TreeSelect } from "antd";
import { PersonSelect } from "./PersonSelect";
import { useDepartments, usePosts, useRoles } from "./queries";
import type { Department, HolderKind } from "./records";
import { useAdminWords } from "./words";

export interface HolderChoice {
  kind: HolderKind;
  id: string | null;
}

interface TreeNode {
  value: string;
  title: string;
  children: TreeNode[];
}

/** The departments in the shape of antd's trees. */
export function treeOf(departments: readonly Department[]): TreeNode[] {
  return departments.map(({ id, name, children }) => ({ value: id, title: name, children: treeOf(children) }));
}

interface DepartmentSelectProps {
  value?: string | null;
  onChange?: (id: string | null) => void;
  id?: string;
}

export function DepartmentSelect({ value, onChange, ...rest }: DepartmentSelectProps) {
  const t = useAdminWords();
  const departments = useDepartments();
  return (
    <TreeSelect
      {...rest}
      aria-label={rest.id ? undefined : t("chooseDepartment")}
      allowClear
      showSearch={{ treeNodeFilterProp: "title" }}
      treeDefaultExpandAll
      style={{ width: "100%" }}
      placeholder={t("chooseDepartment")}
      value={value ?? undefined}
      treeData={treeOf(departments.data?.items ?? [])}
      onChange={(id: string | undefined) => onChange?.(id ?? null)}
    />
  );
}

const KINDS: HolderKind[] = ["department", "post", "role", "person"];

export function HolderSelect({ value, onChange }: { value: HolderChoice; onChange: (choice: HolderChoice) => void }) {
  const t = useAdminWords();
  const posts = usePosts(value.kind === "post").data?.items ?? [];
  const roles = useRoles(value.kind === "role").data?.items ?? [];
  const choose = (id: string | null) => onChange({ ...value, id });
  const named = value.kind === "post" ? posts : roles;
  return (
    <Space.Compact block>
      <Select
        aria-label={t("holderKind")}
        value={value.kind}
        style={{ width: 96 }}
        options={KINDS.map((kind) => ({ value: kind, label: t(kind) }))}
        onChange={(kind) => onChange({ kind, id: null })}
      />
      <div style={{ flex: 1, minWidth: 0 }}>
        {value.kind === "department" ? (
          <DepartmentSelect value={value.id} onChange={choose} />
        ) : value.kind === "person" ? (
          <PersonSelect value={value.id} onChange={choose} />
        ) : (
          <Select
            aria-label={t(value.kind)}
            style={{ width: "100%" }}
            showSearch={{ optionFilterProp: "label" }}
            placeholder={t("choose")}
            value={value.id ?? undefined}
            options={named.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={choose}
          />
        )}
      </div>
    </Space.Compact>
  );
}
