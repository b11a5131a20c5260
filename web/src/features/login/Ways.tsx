/** Which password one types, and the buttons of single sign-on. */
import type { SignInWays } from "@/api/session";
import buttons from "@/blocks/PlainButton.module.css";
import styles from "./login.module.css";
import { useLoginWords } from "./words";

export type Way = "password" | "ldap";

export function WayChoice({ way, onChange }: { way: Way; onChange: (way: Way) => void }) {
  const t = useLoginWords();
  const ways: [Way, string][] = [
    ["ldap", t("wayLdap")],
    ["password", t("wayPassword")],
  ];
  return (
    <div role="radiogroup" aria-label={t("way")} className={styles.ways}>
      {ways.map(([value, label]) => (
        <label key={value} className={value === way ? styles.chosen : ""}>
          <input type="radio" name="way" value={value} checked={value === way} onChange={() => onChange(value)} />
          {label}
        </label>
      ))}
    </div>
  );
}

export function OtherWays({ ways, typed }: { ways: SignInWays; typed: boolean }) {
  const t = useLoginWords();
  return (
    <>
      {typed && ways.oidc.length > 0 ? <div className={styles.or}>{t("or")}</div> : null}
      {ways.oidc.map((provider) => (
        <a key={provider.id} className={`${buttons.button} ${styles.large}`} href={`/api/sign-in/oidc/${provider.id}`}>
          {t("oidc", { name: provider.name })}
        </a>
      ))}
      {!typed && ways.oidc.length === 0 ? <p>{t("noWay")}</p> : null}
      {ways.password ? <div className={styles.hint}>{t("forgot")}</div> : null}
    </>
  );
}
