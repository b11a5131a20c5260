/** Login name and password, the way that is open, and the bank's single sign-on. */
import { useState, type FormEvent } from "react";
import { messageOf } from "@/api/client";
import { useSignIn, type SignInWays } from "@/api/session";
import { PlainButton } from "@/blocks/PlainButton";
import { Field } from "./Field";
import styles from "./login.module.css";
import { OtherWays, WayChoice, type Way } from "./Ways";
import { useLoginWords } from "./words";

interface SignInFormProps {
  ways: SignInWays;
  /** Why single sign-on was refused. */
  refused: string;
  /** Somebody is about to be inside. */
  onLeaving: () => void;
}

/** What to say when single sign-on sent the browser back without success. */
function returned(why: string): string {
  return new URLSearchParams(window.location.search).has("error") ? why : "";
}

export function SignInForm({ ways, refused, onLeaving }: SignInFormProps) {
  const t = useLoginWords();
  const signIn = useSignIn();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [way, setWay] = useState<Way>(ways.ldap ? "ldap" : "password");
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!login.trim() || !password) return;
    onLeaving();
    signIn.mutate({ login: login.trim(), password, method: way }, { onError: () => setPassword("") });
  };
  const typed = ways.password || ways.ldap;
  const failure = signIn.isError ? messageOf(signIn.error) : returned(refused || t("failedOidc"));
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label={t("title")}>
      <h1 className="visually-hidden">{t("title")}</h1>
      {failure ? (
        <div className={styles.failure} role="alert">
          {failure}
        </div>
      ) : null}
      {ways.password && ways.ldap ? <WayChoice way={way} onChange={setWay} /> : null}
      {typed ? (
        <>
          <Field
            label={t("login")}
            name="login"
            value={login}
            onChange={setLogin}
            hint={t("loginHint")}
            fault={tried && !login.trim() ? t("loginMissing") : undefined}
            autoComplete="username"
            autoFocus
          />
          <Field
            label={t("password")}
            name="password"
            value={password}
            onChange={setPassword}
            secret
            fault={tried && !password && !signIn.isError ? t("passwordMissing") : undefined}
            autoComplete="current-password"
          />
          <PlainButton look="primary" type="submit" className={styles.large} busy={signIn.isPending}>
            {t("signIn")}
          </PlainButton>
        </>
      ) : null}
      <OtherWays ways={ways} typed={typed} />
    </form>
  );
}
