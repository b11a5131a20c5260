/** Login name and password, the way that is open, and the bank's single sign-on. */
import { Button, Segmented } from "antd";
import { useState, type FormEvent } from "react";
import { messageOf } from "@/api/client";
import { useSignIn, type SignInWays } from "@/api/session";
import { Field } from "./Field";
import styles from "./login.module.css";
import { useLoginWords } from "./words";

type Way = "password" | "ldap";

function OtherWays({ ways, typed }: { ways: SignInWays; typed: boolean }) {
  const t = useLoginWords();
  return (
    <>
      {typed && ways.oidc.length > 0 ? <div className={styles.or}>{t("or")}</div> : null}
      {ways.oidc.map((provider) => (
        <Button key={provider.id} size="large" href={`/api/sign-in/oidc/${provider.id}`}>
          {t("oidc", { name: provider.name })}
        </Button>
      ))}
      {!typed && ways.oidc.length === 0 ? <p>{t("noWay")}</p> : null}
      {ways.password ? <div className={styles.hint}>{t("forgot")}</div> : null}
    </>
  );
}

export function SignInForm({ ways }: { ways: SignInWays }) {
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
    signIn.mutate({ login: login.trim(), password, method: way }, { onError: () => setPassword("") });
  };
  const typed = ways.password || ways.ldap;
  const oidcFailed = new URLSearchParams(window.location.search).has("error");
  const failure = signIn.isError ? messageOf(signIn.error) : oidcFailed ? t("failedOidc") : "";
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label={t("title")}>
      <h1 className="visually-hidden">{t("title")}</h1>
      {failure ? (
        <div className={styles.failure} role="alert">
          {failure}
        </div>
      ) : null}
      {ways.password && ways.ldap ? (
        <Segmented<Way>
          block
          aria-label={t("way")}
          value={way}
          onChange={setWay}
          options={[
            { value: "ldap", label: t("wayLdap") },
            { value: "password", label: t("wayPassword") },
          ]}
        />
      ) : null}
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
          <Button type="primary" size="large" htmlType="submit" loading={signIn.isPending}>
            {t("signIn")}
          </Button>
        </>
      ) : null}
      <OtherWays ways={ways} typed={typed} />
    </form>
  );
}
