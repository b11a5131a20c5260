/** Changing one's own password. */
import { App, Button, Input } from "antd";
import { useState, type FormEvent } from "react";
import { messageOf } from "@/api/client";
import { useChangePassword, usePerson } from "@/api/session";
import styles from "./account.module.css";
import { useAccountWords } from "./words";

const EMPTY = { old: "", fresh: "", again: "" };

export function Password() {
  const t = useAccountWords();
  const person = usePerson();
  const { message } = App.useApp();
  const change = useChangePassword();
  const [given, setGiven] = useState(EMPTY);
  if (person.source && person.source !== "local") return <p className={styles.quiet}>{t("fromDirectory")}</p>;
  const differs = given.again !== "" && given.again !== given.fresh;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (given.fresh !== given.again) return;
    change.mutate(
      { old: given.old, new: given.fresh },
      {
        onSuccess: () => {
          setGiven(EMPTY);
          void message.success(t("changed"));
        },
      },
    );
  };
  const fields = [
    ["old", "current-password"],
    ["fresh", "new-password"],
    ["again", "new-password"],
  ] as const;
  const fault = change.isError ? messageOf(change.error) : differs ? t("different") : "";
  return (
    <form className={styles.form} onSubmit={submit}>
      <input type="text" name="username" autoComplete="username" value={person.login} readOnly hidden />
      {fields.map(([name, autoComplete]) => (
        <label key={name}>
          {t(name)}
          <Input.Password
            name={name}
            autoComplete={autoComplete}
            value={given[name]}
            onChange={(event) => setGiven({ ...given, [name]: event.target.value })}
          />
        </label>
      ))}
      {fault ? (
        <p className={styles.wrong} role="alert">
          {fault}
        </p>
      ) : null}
      <Button
        htmlType="submit"
        type="primary"
        loading={change.isPending}
        disabled={!given.old || !given.fresh || !given.again || differs}
      >
        {t("change")}
      </Button>
    </form>
  );
}
