/** One's own account: password, sessions and keys. */
import { App, Button } from "antd";
import { messageOf } from "@/api/client";
import { usePerson } from "@/api/session";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark } from "@/blocks/Mark";
import { Page } from "@/blocks/Page";
import { Loaded } from "@/blocks/States";
import { useEndSession, useSessions, type OwnSession } from "./api";
import styles from "./account.module.css";
import { deviceOf } from "./device";
import { Keys } from "./Keys";
import { Password } from "./Password";
import { useAccountWords } from "./words";

function SessionRow({ session }: { session: OwnSession }) {
  const t = useAccountWords();
  const { message } = App.useApp();
  const end = useEndSession();
  const device = deviceOf(session.agent);
  return (
    <li>
      <span className={styles.name}>
        {device} · {session.address} {session.current ? <Mark tone="ink">{t("here")}</Mark> : null}
      </span>
      <span className={styles.quiet}>
        {t("seen")} <LocalTime at={session.seen_at ?? session.created_at} />
      </span>
      {session.current ? null : (
        <Button
          size="small"
          aria-label={t("endLabel", { agent: device })}
          onClick={() => end.mutate(session.id, { onError: (error) => void message.error(messageOf(error)) })}
        >
          {t("end")}
        </Button>
      )}
    </li>
  );
}

function Who() {
  const t = useAccountWords();
  const { name, login, department, posts, source = "local" } = usePerson();
  const way = source === "local" ? t("byPassword") : source === "ldap" ? t("byDirectory") : t("byProvider");
  const facts: [string, string][] = [
    [t("login"), login],
    [t("department"), department?.path ?? t("noDepartment")],
    [t("posts"), posts.map((post) => post.name).join("、") || t("noPosts")],
    [t("signedInBy"), way],
  ];
  return (
    <section className={styles.part}>
      <h2>{name}</h2>
      <dl className={styles.facts}>
        {facts.map(([term, fact]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export default function Account() {
  const t = useAccountWords();
  const sessions = useSessions();
  return (
    <Page title={t("title")} width="reading">
      <Who />
      <section className={styles.part}>
        <h2>{t("password")}</h2>
        <Password />
      </section>
      <section className={styles.part}>
        <h2>{t("sessions")}</h2>
        <Loaded query={sessions} rows={2}>
          {({ items }) => (
            <ul className={styles.rows}>
              {items.map((session) => (
                <SessionRow key={session.id} session={session} />
              ))}
            </ul>
          )}
        </Loaded>
      </section>
      <section className={styles.part}>
        <h2>{t("keys")}</h2>
        <p className={styles.quiet}>{t("keysHint")}</p>
        <Keys />
      </section>
    </Page>
  );
}
