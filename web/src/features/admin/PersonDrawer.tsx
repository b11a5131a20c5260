/** One person: particulars, posts and roles; password and leaving beneath. */
import { App, Button, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { DisablePerson } from "./DisablePerson";
import { DepartmentSelect } from "./holders";
import { OneTimeSecret } from "./OneTimeSecret";
import { usePeopleWords } from "./peopleWords";
import { useAdminChange, usePosts, useRoles, useSavePerson } from "./queries";
import { CLEARANCES, type PersonForm, type PersonRow } from "./records";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

const LOGIN_SHAPE = /^[A-Za-z0-9._@-]{1,100}$/;

const NOBODY: PersonForm = {
  login: "",
  name: "",
  email: "",
  department_id: null,
  post_ids: [],
  roles: [],
  clearance: "internal",
};

function startOf(person: PersonRow | null): PersonForm {
  if (!person) return NOBODY;
  const { login, name, email, department, posts, roles, clearance } = person;
  return { login, name, email, department_id: department?.id ?? null, post_ids: posts.map(({ id }) => id), roles, clearance };
}

function Fields({ isNew }: { isNew: boolean }) {
  const t = usePeopleWords();
  const words = useAdminWords();
  const posts = usePosts().data?.items ?? [];
  const roles = useRoles().data?.items ?? [];
  const loginRules = [
    { required: true, message: t("loginNeeded") },
    { pattern: LOGIN_SHAPE, message: t("loginShape") },
  ];
  return (
    <>
      <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
        <Input maxLength={100} autoFocus={isNew} />
      </Form.Item>
      <Form.Item name="login" label={t("login")} rules={isNew ? loginRules : []}>
        <Input maxLength={100} disabled={!isNew} autoComplete="off" />
      </Form.Item>
      <Form.Item name="department_id" label={t("department")}>
        <DepartmentSelect />
      </Form.Item>
      <Form.Item name="post_ids" label={t("posts")}>
        <Select mode="multiple" optionFilterProp="label" options={posts.map(({ id, name }) => ({ value: id, label: name }))} />
      </Form.Item>
      <Form.Item name="clearance" label={t("clearance")} extra={t("clearanceHint")}>
        <Select options={CLEARANCES.map((level) => ({ value: level, label: words(level) }))} />
      </Form.Item>
      <Form.Item name="roles" label={t("roles")} extra={t("rolesHint")}>
        <Select
          mode="multiple"
          options={roles.map(({ id, name, description }) => ({ value: id, label: name, title: description }))}
        />
      </Form.Item>
      <Form.Item name="email" label={t("email")} rules={[{ type: "email", message: t("emailShape") }]}>
        <Input maxLength={200} />
      </Form.Item>
    </>
  );
}

function Acts({ person, onSecret, onClose }: { person: PersonRow; onSecret: (secret: string) => void; onClose: () => void }) {
  const t = usePeopleWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const [disabling, setDisabling] = useState(false);
  const reset = useAdminChange(() => api.post<{ password: string }>(`/people/${person.id}/reset-password`));
  const enable = useAdminChange(() => api.patch(`/people/${person.id}`, { status: "active" }));
  const fail = (error: unknown) => void message.error(messageOf(error));
  if (person.status === "disabled") {
    return (
      <Button
        onClick={() =>
          enable.mutate(undefined, {
            onSuccess: () => {
              void message.success(t("enabledDone"));
              onClose();
            },
            onError: fail,
          })
        }
      >
        {t("enable")}
      </Button>
    );
  }
  return (
    <div className={styles.row} style={{ justifyContent: "flex-start" }}>
      {person.source === "local" ? (
        <Button
          onClick={() =>
            ask({
              title: t("reset"),
              consequence: t("resetHint", { name: person.name }),
              verb: t("reset"),
              act: () => reset.mutateAsync(undefined).then(({ password }) => onSecret(password), fail),
            })
          }
        >
          {t("reset")}
        </Button>
      ) : null}
      <Button danger onClick={() => setDisabling(true)}>
        {t("disable")}
      </Button>
      {disabling ? (
        <DisablePerson
          person={person}
          onClose={(done) => {
            setDisabling(false);
            if (done) onClose();
          }}
        />
      ) : null}
    </div>
  );
}

export function PersonDrawer({ person, onClose }: { person: PersonRow | null; onClose: () => void }) {
  const t = usePeopleWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<PersonForm>();
  const [secret, setSecret] = useState("");
  const save = useSavePerson(person?.id ?? null);
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    const { login, ...rest } = given;
    try {
      const saved = await save.mutateAsync(person ? rest : { login, ...rest });
      void message.success(person ? t("saved") : t("added", { name: given.name }));
      if (saved.password) setSecret(saved.password);
      else onClose();
    } catch (error) {
      form.setFields([{ name: person ? "name" : "login", errors: [messageOf(error)] }]);
    }
  };
  return (
    <Drawer
      open
      size={480}
      title={person ? person.name : t("add")}
      onClose={onClose}
      footer={
        secret ? null : (
          <Button type="primary" loading={save.isPending} onClick={() => void submit()}>
            {t("save")}
          </Button>
        )
      }
    >
      {secret ? (
        <>
          <h3 style={{ marginTop: 0 }}>{t("oneTime")}</h3>
          <OneTimeSecret secret={secret} hint={t("oneTimeHint", { name: form.getFieldValue("name") as string })} />
        </>
      ) : (
        <>
          <Form form={form} layout="vertical" initialValues={startOf(person)} requiredMark={false}>
            <Fields isNew={!person} />
          </Form>
          {person ? <Acts person={person} onSecret={setSecret} onClose={onClose} /> : null}
        </>
      )}
    </Drawer>
  );
}
