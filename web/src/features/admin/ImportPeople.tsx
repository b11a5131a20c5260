/** A staff list is tried first, its result is shown row by row, and only then imported. */
import { App, Button, Checkbox, Drawer, Table, Upload } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { saveText } from "@/blocks/save";
import { State } from "@/blocks/States";
import { usePeopleWords } from "./peopleWords";
import { useAdminChange } from "./queries";
import styles from "./admin.module.css";

const HEADER = "登录名,姓名,部门,岗位,角色,密级,状态,交接给,邮箱";
const EXAMPLE = "zhangsan,张三,总行/运营管理部,综合柜员、反假货币专员,,内部,在职,,zhangsan@bank.example";

interface ImportRow {
  row: number;
  login: string;
  name: string;
  outcome: "created" | "changed" | "unchanged" | "disabled" | "failed";
  error: string;
}

interface ImportReport {
  created: number;
  changed: number;
  unchanged: number;
  disabled: number;
  failed: number;
  rows: ImportRow[];
  new_departments: string[];
  new_posts: string[];
  passwords?: { login: string; name: string; password: string }[];
}

/** A field of a CSV file; what a spreadsheet would take for a formula is made plain text. */
export function csvField(value: string): string {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function Report({ report }: { report: ImportReport }) {
  const t = usePeopleWords();
  const failures = report.rows.filter(({ outcome }) => outcome === "failed");
  return (
    <>
      <p>
        {[`${t("willCreate")} ${report.created}`, `${t("willChange")} ${report.changed}`, `${t("willDisable")} ${report.disabled}`, `${t("unchanged")} ${report.unchanged}`].join(" · ")}
        {report.failed ? <strong className={styles.late}>{` · ${t("wrong")} ${report.failed}`}</strong> : null}
      </p>
      {report.new_departments.length ? (
        <p className={styles.hint}>{t("newDepartments", { names: report.new_departments.join("、") })}</p>
      ) : null}
      {report.new_posts.length ? <p className={styles.hint}>{t("newPosts", { names: report.new_posts.join("、") })}</p> : null}
      {failures.length ? (
        <>
          <p className={styles.hint}>{t("fixFirst")}</p>
          <Table
            size="small"
            rowKey="row"
            dataSource={failures}
            pagination={failures.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
            columns={[
              { title: t("row"), dataIndex: "row", width: 64, align: "right" },
              { title: t("name"), render: (_, { name, login }) => name || login, width: 120 },
              { title: t("problem"), dataIndex: "error" },
            ]}
          />
        </>
      ) : null}
    </>
  );
}

function Passwords({ report }: { report: ImportReport }) {
  const t = usePeopleWords();
  const passwords = report.passwords ?? [];
  const save = () => {
    const lines = passwords.map(({ login, name, password }) => [login, name, password].map(csvField).join(","));
    saveText("passwords.csv", `\uFEFF${[t("login"), t("name"), t("oneTime")].join(",")}\n${lines.join("\n")}\n`);
  };
  const act = passwords.length ? (
    <Button type="primary" onClick={save}>
      {t("downloadPasswords")}
    </Button>
  ) : null;
  return (
    <State
      title={t("importDone", { created: report.created, changed: report.changed })}
      hint={passwords.length ? t("passwordsHint") : null}
      action={act}
    />
  );
}

export function ImportPeople({ onClose }: { onClose: () => void }) {
  const t = usePeopleWords();
  const { message } = App.useApp();
  const [file, setFile] = useState<File | null>(null);
  const [tried, setTried] = useState<ImportReport | null>(null);
  const [done, setDone] = useState<ImportReport | null>(null);
  const [withPasswords, setWithPasswords] = useState(false);
  const send = useAdminChange(({ content, dryRun }: { content: File; dryRun: boolean }) => {
    const form = new FormData();
    form.append("file", content, content.name);
    form.append("dry_run", String(dryRun));
    form.append("passwords", String(withPasswords));
    return api.post<ImportReport>("/people/import", form);
  });
  const go = (content: File, dryRun: boolean) =>
    send.mutate({ content, dryRun }, { onSuccess: dryRun ? setTried : setDone, onError: (error) => void message.error(messageOf(error)) });
  const count = tried ? tried.created + tried.changed + tried.disabled : 0;
  const footer =
    tried && !done && file && count > 0 ? (
      <Button type="primary" loading={send.isPending} onClick={() => go(file, false)}>
        {t("doImport", { n: count })}
      </Button>
    ) : null;
  return (
    <Drawer open size={640} title={t("importTitle")} onClose={onClose} footer={footer}>
      {done ? (
        <Passwords report={done} />
      ) : (
        <>
          <p className={styles.hint}>{t("importHint")}</p>
          <div className={styles.tools}>
            <Upload
              accept=".csv,.xlsx"
              showUploadList={false}
              beforeUpload={(chosen) => {
                setFile(chosen);
                setTried(null);
                go(chosen, true);
                return false;
              }}
            >
              <Button type={tried ? "default" : "primary"} loading={send.isPending}>
                {tried ? t("tryAgain") : t("chooseFile")}
              </Button>
            </Upload>
            <Button onClick={() => saveText("people.csv", `\uFEFF${HEADER}\n${EXAMPLE}\n`)}>{t("template")}</Button>
          </div>
          {file ? <p className={styles.dim}>{file.name}</p> : null}
          {tried ? <Report report={tried} /> : null}
          {tried?.created ? (
            <Checkbox checked={withPasswords} onChange={(event) => setWithPasswords(event.target.checked)}>
              {t("withPasswords")}
            </Checkbox>
          ) : null}
        </>
      )}
    </Drawer>
  );
}
