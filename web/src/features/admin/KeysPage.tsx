/** Everybody's API keys, to be seen and revoked. */
import { App, Button, Table } from "antd";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { LocalTime } from "@/blocks/LocalTime";
import { Loaded, State } from "@/blocks/States";
import { useAdminChange, useKeys } from "./queries";
import type { KeyRow } from "./records";
import { useSystemWords } from "./systemWords";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

function Keys({ keys }: { keys: KeyRow[] }) {
  const t = useSystemWords();
  const words = useAdminWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const revoke = useAdminChange((id: string) => api.remove(`/keys/${id}`));
  const askRevoke = ({ id, name }: KeyRow) =>
    ask({
      title: t("revoke"),
      consequence: t("revokeKeyHint", { name }),
      verb: t("revoke"),
      act: () =>
        revoke.mutateAsync(id).then(
          () => message.success(t("revoked")),
          (error: unknown) => message.error(messageOf(error)),
        ),
    });
  return (
    <Table<KeyRow>
      rowKey="id"
      dataSource={keys}
      pagination={keys.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
      scroll={{ x: 860 }}
      columns={[
        {
          title: t("key"),
          render: (_, key) => (
            <>
              {key.name}
              <div className={`${styles.mono} ${styles.dim}`}>{`${key.opening}…`}</div>
            </>
          ),
        },
        { title: t("owner"), render: (_, { person }) => person?.name ?? "—" },
        { title: t("scopes"), render: (_, { scopes }) => scopes.map((scope) => words(`do_${scope}` as "do_read")).join("、") },
        { title: t("used"), render: (_, { used_at }) => (used_at ? <LocalTime at={used_at} /> : t("never")) },
        {
          title: t("expires"),
          render: (_, { expires_at }) =>
            expires_at && new Date(expires_at) < new Date() ? <span className={styles.late}>{t("expired")}</span> : <LocalTime at={expires_at} />,
        },
        {
          title: <span className="visually-hidden">{t("revoke")}</span>,
          width: 80,
          render: (_, key) => (
            <Button type="link" size="small" danger onClick={() => askRevoke(key)}>
              {t("revoke")}
            </Button>
          ),
        },
      ]}
    />
  );
}

export function KeysPage() {
  const t = useSystemWords();
  const keys = useKeys();
  return (
    <>
      <p className={styles.hint}>{t("keysHint")}</p>
      <Loaded query={keys} isEmpty={({ items }) => items.length === 0} empty={<State title={t("noKeys")} hint={t("noKeysHint")} />}>
        {({ items }) => <Keys keys={items} />}
      </Loaded>
    </>
  );
}
