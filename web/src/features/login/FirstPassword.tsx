/** The first password is changed before anything else can be done. */
import { useState, type FormEvent } from "react";
import { messageOf } from "@/api/client";
import { useChangePassword, useSignOut, type Person } from "@/api/session";
import { PlainButton } from "@/blocks/PlainButton";
import { Field } from "./Field";
import styles from "./login.module.css";
import { useLoginWords } from "./words";

const CHARS_MIN = 10;

export function FirstPassword({ person }: { person: Person }) {
  const t = useLoginWords();
  const change = useChangePassword();
  const signOut = useSignOut();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const freshFault =
    fresh.length < CHARS_MIN ? t("tooShort", { n: CHARS_MIN }) : fresh === old ? t("same") : undefined;
  const againFault = again !== fresh ? t("different") : undefined;
  const oldFault = old ? undefined : t("passwordMissing");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!oldFault && !freshFault && !againFault) change.mutate({ old, new: fresh });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label={t("firstTitle")}>
      <div>
        <h1>{t("firstTitle")}</h1>
        <p className={styles.why}>{t("firstWhy", { name: person.name })}</p>
      </div>
      {change.isError ? (
        <div className={styles.failure} role="alert">
          {messageOf(change.error)}
        </div>
      ) : null}
      <input type="text" name="username" autoComplete="username" value={person.login} readOnly hidden />
      <Field
        label={t("old")}
        name="old"
        value={old}
        onChange={setOld}
        secret
        fault={tried ? oldFault : undefined}
        autoComplete="current-password"
        autoFocus
      />
      <Field
        label={t("fresh")}
        name="fresh"
        value={fresh}
        onChange={setFresh}
        secret
        hint={t("freshHint", { n: CHARS_MIN })}
        fault={tried ? freshFault : undefined}
        autoComplete="new-password"
      />
      <Field
        label={t("again")}
        name="again"
        value={again}
        onChange={setAgain}
        secret
        fault={tried ? againFault : undefined}
        autoComplete="new-password"
      />
      <PlainButton look="primary" type="submit" className={styles.large} busy={change.isPending}>
        {t("change")}
      </PlainButton>
      <PlainButton look="link" onClick={() => signOut.mutate()}>
        {t("signOut")}
      </PlainButton>
    </form>
  );
}
