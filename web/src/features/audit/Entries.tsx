/** The ledger, newest first, narrowed by who, what and when; reading goes on further back. */
import { Button, Input, Table } from "antd";
import { useState } from "react";
import { DayInput } from "@/blocks/DayInput";
import { exactTime } from "@/blocks/LocalTime";
import { Failure, Loading, State } from "@/blocks/States";
import { NOTHING_WANTED, useEntries, type Entry, type Wanted } from "./records";
import { Verify } from "./Verify";
import { useActionWords } from "./actions";
import { useAuditWords } from "./words";
import styles from "./audit.module.css";

/** A value of a payload as one line of text. */
export function lineOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}

function Payload({ entry }: { entry: Entry }) {
  const t = useAuditWords();
  return (
    <dl className={styles.payload}>
      {Object.entries(entry.payload).map(([name, value]) => (
        <FragmentOf key={name} name={name} value={lineOf(value)} />
      ))}
      <FragmentOf name={t("hash")} value={entry.hash} />
    </dl>
  );
}

function FragmentOf({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={styles.mono}>{value}</dd>
    </>
  );
}

function Search({ onFind }: { onFind: (wanted: Wanted) => void }) {
  const t = useAuditWords();
  const [wanted, setWanted] = useState<Wanted>(NOTHING_WANTED);
  const day = (name: "since" | "until", label: string) => (
    <label>
      {label}
      <DayInput value={wanted[name]} onChange={(chosen) => setWanted({ ...wanted, [name]: chosen })} />
    </label>
  );
  const field = (name: keyof Wanted, label: string, hint?: string) => (
    <label>
      {label}
      <Input
        value={wanted[name]}
        placeholder={hint}
        onChange={(event) => setWanted({ ...wanted, [name]: event.target.value })}
        onPressEnter={() => onFind(wanted)}
      />
    </label>
  );
  const clear = () => {
    setWanted(NOTHING_WANTED);
    onFind(NOTHING_WANTED);
  };
  return (
    <div className={styles.tools}>
      {field("q", t("search"))}
      {field("actor", t("actor"), t("actorHint"))}
      {field("action", t("action"))}
      {field("subject", t("subject"))}
      {day("since", t("since"))}
      {day("until", t("until"))}
      <Button type="primary" onClick={() => onFind(wanted)}>
        {t("find")}
      </Button>
      <Button onClick={clear}>{t("clear")}</Button>
    </div>
  );
}

function Found({ wanted }: { wanted: Wanted }) {
  const t = useAuditWords();
  const actionWord = useActionWords();
  const entries = useEntries(wanted);
  if (!entries.data) return entries.isError ? <Failure error={entries.error} retry={() => void entries.refetch()} /> : <Loading rows={10} />;
  const rows = entries.data.pages.flatMap(({ items }) => items);
  if (rows.length === 0) return <State title={t("none")} hint={t("noneHint")} />;
  return (
    <>
      <Table<Entry>
        rowKey="seq"
        size="small"
        dataSource={rows}
        pagination={false}
        scroll={{ x: 820 }}
        expandable={{ expandedRowRender: (entry) => <Payload entry={entry} /> }}
        columns={[
          { title: t("seq"), dataIndex: "seq", width: 80, align: "right" },
          { title: t("at"), width: 180, render: (_, { at }) => exactTime(new Date(at)) },
          { title: t("actor"), width: 160, render: (_, { actor, actor_name }) => <span title={actor}>{actor_name || actor}</span> },
          { title: t("action"), width: 220, render: (_, { action }) => <span title={action}>{actionWord(action)}</span> },
          { title: t("subject"), render: (_, { subject, subject_name }) => <span title={subject}>{subject_name || subject}</span> },
        ]}
      />
      {entries.hasNextPage ? (
        <div className={styles.more}>
          <Button loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
            {t("more")}
          </Button>
        </div>
      ) : null}
    </>
  );
}

export function Entries() {
  const [wanted, setWanted] = useState<Wanted>(NOTHING_WANTED);
  return (
    <>
      <Verify />
      <Search onFind={setWanted} />
      <Found key={JSON.stringify(wanted)} wanted={wanted} />
    </>
  );
}
