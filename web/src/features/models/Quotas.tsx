/** How much departments, people and applications may use, and how much of it is spent. */
import { App, Button, Input, Progress, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { Mark } from "@/blocks/Mark";
import { useNames } from "@/blocks/names";
import { Loaded, State } from "@/blocks/States";
import { BOUNDS, EACH, QuotaEditor } from "./QuotaEditor";
import { useModelChange, useQuotas, type Quota } from "./records";
import { useQuotaWords } from "./quotaWords";
import styles from "./models.module.css";

type Bound = (typeof BOUNDS)[number];
const SPENT = { tokens_per_day: "tokens_today", requests_per_minute: "requests_this_minute", streams_max: "streams_now" } as const;
const NEAR = 0.8;
const ROWS = 50;

/** How full a bound is: 0 to 1 and above; null where there is no bound. */
export function fullness(quota: Quota, bound: Bound): number | null {
  const limit = quota[bound];
  if (limit === null) return null;
  return limit === 0 ? 1 : quota[SPENT[bound]] / limit;
}

function Spent({ quota, bound }: { quota: Quota; bound: Bound }) {
  const t = useQuotaWords();
  const used = quota[SPENT[bound]].toLocaleString();
  const limit = quota[bound];
  const full = fullness(quota, bound);
  if (limit === null || full === null) {
    return (
      <span className={styles.dim}>
        {t("unlimited")}
        {quota.holder_id === EACH ? "" : ` · ${t("used", { used })}`}
      </span>
    );
  }
  if (quota.holder_id === EACH) return <>{limit.toLocaleString()} <span className={styles.dim}>{t("eachOwn")}</span></>;
  const colour = full >= 1 ? "var(--cinnabar)" : full >= NEAR ? "var(--amber)" : "var(--ink)";
  const words = t("ofLimit", { used, limit: limit.toLocaleString() });
  return (
    <>
      {words} {full >= 1 ? <Mark tone="danger">{t("usedUp")}</Mark> : null}
      <Progress percent={Math.min(100, full * 100)} showInfo={false} size="small" strokeColor={colour} aria-label={words} />
    </>
  );
}

export function Quotas() {
  const t = useQuotaWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const quotas = useQuotas();
  const items = quotas.data?.items ?? [];
  const [editing, setEditing] = useState<Quota | "new" | null>(null);
  const [words, setWords] = useState("");
  const personOf = useNames(items.flatMap(({ holder_kind, holder_id }) => (holder_kind === "person" && holder_id !== EACH ? [holder_id] : [])));
  const remove = useModelChange(({ holder_kind, holder_id }: Quota) => {
    const unbound = Object.fromEntries(BOUNDS.map((bound) => [bound, null]));
    return api.put("/quotas", { holder_kind, holder_id, ...unbound });
  });
  const nameOf = ({ holder_kind, holder_id }: Quota) =>
    holder_id === EACH ? t(`each_${holder_kind}`) : holder_kind === "person" ? personOf(holder_id) : holder_id;
  const takeAway = (quota: Quota) =>
    ask({
      title: t("removeTitle", { name: nameOf(quota) }),
      consequence: t("removeHint"),
      verb: t("remove"),
      act: () =>
        remove
          .mutateAsync(quota)
          .then(() => message.success(t("removed")))
          .catch((error: unknown) => message.error(messageOf(error))),
    });
  const add = (
    <Button type="primary" onClick={() => setEditing("new")}>
      {t("add")}
    </Button>
  );
  const columns: TableColumnsType<Quota> = [
    {
      title: t("holder"),
      fixed: "left",
      width: 240,
      render: (_, quota) => (
        <>
          <Button type="link" className={styles.key} onClick={() => setEditing(quota)}>
            {nameOf(quota)}
          </Button>
          {quota.holder_id === EACH ? null : <div className={styles.dim}>{t(quota.holder_kind)}</div>}
        </>
      ),
    },
    ...BOUNDS.map((bound) => ({
      key: bound,
      title: t(bound),
      width: bound === "tokens_per_day" ? 240 : 180,
      sorter: (one: Quota, other: Quota) => (fullness(one, bound) ?? -1) - (fullness(other, bound) ?? -1),
      render: (_: unknown, quota: Quota) => <Spent quota={quota} bound={bound} />,
    })),
    {
      title: <span className="visually-hidden">{t("acts")}</span>,
      width: 110,
      render: (_, quota) => (
        <Button type="link" size="small" danger onClick={() => takeAway(quota)}>
          {t("remove")}
        </Button>
      ),
    },
  ];
  const sought = words.trim().toLowerCase();
  const rows = items.filter((quota) => nameOf(quota).toLowerCase().includes(sought));
  return (
    <>
      <Loaded query={quotas} isEmpty={({ items: all }) => all.length === 0} empty={<State title={t("none")} hint={t("noneHint")} action={add} />}>
        {() => (
          <>
            <div className={styles.tools}>
              {add}
              <Input.Search allowClear aria-label={t("find")} placeholder={t("find")} style={{ maxWidth: 240 }} value={words} onChange={(event) => setWords(event.target.value)} />
            </div>
            <Table<Quota>
              rowKey={({ holder_kind, holder_id }) => `${holder_kind}/${holder_id}`}
              size="small"
              dataSource={rows}
              locale={{ emptyText: t("noMatch") }}
              pagination={rows.length > ROWS ? { defaultPageSize: ROWS, showSizeChanger: false } : false}
              scroll={{ x: 900 }}
              columns={columns}
            />
          </>
        )}
      </Loaded>
      {editing ? (
        <QuotaEditor quota={editing === "new" ? null : editing} name={editing === "new" ? "" : nameOf(editing)} onClose={() => setEditing(null)} />
      ) : null}
    </>
  );
}
