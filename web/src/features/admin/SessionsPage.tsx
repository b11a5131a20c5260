/** Who is signed in now, and from where. */
import { App, Button, Table } from "antd";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark } from "@/blocks/Mark";
import { Loaded, State } from "@/blocks/States";
import { useAdminChange, useSessions } from "./queries";
import type { SessionRow } from "./records";
import { useSystemWords } from "./systemWords";
import styles from "./admin.module.css";

const AGENTS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/MicroMessenger/, "微信"],
  [/Chrome\//, "Chrome"],
  [/Firefox\//, "Firefox"],
  [/Safari\//, "Safari"],
];

/** A browser's name out of its long description. */
export function browserOf(agent: string): string {
  return AGENTS.find(([shape]) => shape.test(agent))?.[1] ?? agent.slice(0, 24);
}

function Rows({ sessions }: { sessions: SessionRow[] }) {
  const t = useSystemWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const end = useAdminChange((id: string) => api.remove(`/sessions/${id}`));
  const methodOf = (method: string) => t((["password", "ldap"].includes(method) ? method : "oidc") as "password");
  const askEnd = ({ id, person }: SessionRow) =>
    ask({
      title: t("end"),
      consequence: t("endHint", { name: person?.name ?? "" }),
      verb: t("end"),
      act: () =>
        end.mutateAsync(id).then(
          () => message.success(t("ended")),
          (error: unknown) => message.error(messageOf(error)),
        ),
    });
  return (
    <Table<SessionRow>
      rowKey="id"
      dataSource={sessions}
      pagination={sessions.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
      scroll={{ x: 760 }}
      columns={[
        {
          title: t("person"),
          render: (_, { person, current }) => (
            <>
              {person?.name ?? "—"} {current ? <Mark>{t("thisOne")}</Mark> : null}
            </>
          ),
        },
        { title: t("method"), render: (_, { method }) => methodOf(method) },
        { title: t("from"), render: (_, { address, agent }) => <span title={agent}>{`${address} ${browserOf(agent)}`}</span> },
        { title: t("signedIn"), render: (_, { created_at }) => <LocalTime at={created_at} /> },
        { title: t("seen"), render: (_, { seen_at }) => <LocalTime at={seen_at} /> },
        {
          title: <span className="visually-hidden">{t("end")}</span>,
          width: 80,
          render: (_, session) => (
            <Button type="link" size="small" danger onClick={() => askEnd(session)}>
              {t("end")}
            </Button>
          ),
        },
      ]}
    />
  );
}

export function SessionsPage() {
  const t = useSystemWords();
  const sessions = useSessions({});
  return (
    <>
      <p className={styles.hint}>{t("sessionsHint")}</p>
      <Loaded query={sessions} isEmpty={({ items }) => items.length === 0} empty={<State title={t("noSessions")} />}>
        {({ items }) => <Rows sessions={items} />}
      </Loaded>
    </>
  );
}
