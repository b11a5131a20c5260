/** The ledger, newest first, narrowed by who, what and when; reading goes on further back. */
import { Button, Table, type TableColumnsType } from "antd";
import { useSearchParams } from "react-router";
import { CopyButton } from "@/blocks/CopyButton";
import { LinkButton } from "@/blocks/LinkButton";
import { exactTime } from "@/blocks/LocalTime";
import { useIsPhone } from "@/blocks/narrow";
import { saveText } from "@/blocks/save";
import { Failure, Loading, State } from "@/blocks/States";
import { csvOf } from "./csv";
import { linesOf, useFieldWords } from "./payload";
import { NOTHING_WANTED, useEntries, type Entry, type Wanted } from "./records";
import { Search } from "./Search";
import { Verify } from "./Verify";
import { useActionWords } from "./actions";
import { useAuditWords } from "./words";
import styles from "./audit.module.css";

const RUN = "run_";

function Payload({ entry }: { entry: Entry }) {
  const t = useAuditWords();
  const field = useFieldWords();
  const rows: [string, string][] = [
    [t("subjectId"), entry.subject],
    ...linesOf(entry.payload).map(([name, line]): [string, string] => [field(name), line]),
    [t("hash"), entry.hash],
    [t("before"), entry.prev_hash],
  ];
  return (
    <>
      <dl className={styles.payload}>
        {rows.map(([name, value], index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd className={styles.mono}>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.acts}>
        {entry.subject.startsWith(RUN) ? (
          <LinkButton size="small" to={`/audit?part=replay&run=${entry.subject}`}>
            {t("replayThis")}
          </LinkButton>
        ) : null}
        <CopyButton shown label={t("copyEntry")} text={JSON.stringify(entry, null, 2)} />
      </div>
    </>
  );
}

function Cards({ rows }: { rows: Entry[] }) {
  const actionWord = useActionWords();
  return (
    <ul className={styles.plain}>
      {rows.map((entry) => (
        <li key={entry.seq} className={styles.card}>
          <details>
            <summary>
              <strong>{actionWord(entry.action)}</strong> {entry.actor_name || entry.actor}
              <div className={styles.dim}>{`${entry.seq} · ${exactTime(new Date(entry.at))} · ${entry.subject_name || entry.subject}`}</div>
            </summary>
            <Payload entry={entry} />
          </details>
        </li>
      ))}
    </ul>
  );
}

function Rows({ rows }: { rows: Entry[] }) {
  const t = useAuditWords();
  const actionWord = useActionWords();
  const columns: TableColumnsType<Entry> = [
    { title: t("seq"), dataIndex: "seq", width: 88, align: "right" },
    { title: t("at"), width: 180, render: (_, { at }) => exactTime(new Date(at)) },
    { title: t("actor"), width: 160, render: (_, { actor, actor_name }) => <span title={actor}>{actor_name || actor}</span> },
    { title: t("action"), width: 200, render: (_, { action }) => <span title={action}>{actionWord(action)}</span> },
    {
      title: t("subject"),
      render: (_, { subject, subject_name }) => <span title={subject}>{subject_name || (subject === "ledger" ? t("entries") : subject)}</span>,
    },
  ];
  return (
    <Table<Entry>
      rowKey="seq"
      size="small"
      dataSource={rows}
      pagination={false}
      virtual={rows.length > VIRTUAL_FROM}
      scroll={{ x: 820, ...(rows.length > VIRTUAL_FROM ? { y: TABLE_PX } : {}) }}
      expandable={{ expandedRowRender: (entry) => <Payload entry={entry} />, expandRowByClick: true }}
      rowClassName={styles.clickable}
      columns={columns}
    />
  );
}

const VIRTUAL_FROM = 300;
const TABLE_PX = 640;

function Found({ wanted, onClear }: { wanted: Wanted; onClear: () => void }) {
  const t = useAuditWords();
  const phone = useIsPhone();
  const actionWord = useActionWords();
  const entries = useEntries(wanted);
  if (!entries.data) return entries.isError ? <Failure error={entries.error} retry={() => void entries.refetch()} /> : <Loading rows={10} />;
  const rows = entries.data.pages.flatMap(({ items }) => items);
  if (rows.length === 0) return <State title={t("none")} hint={t("noneHint")} action={<Button onClick={onClear}>{t("clear")}</Button>} />;
  const save = () => {
    const head = [t("seq"), t("at"), t("actor"), t("action"), t("subject"), t("hash")];
    const lines = rows.map((one) => [
      String(one.seq), exactTime(new Date(one.at)), one.actor_name || one.actor, actionWord(one.action), one.subject_name || one.subject, one.hash,
    ]);
    saveText("ledger-entries.csv", csvOf([head, ...lines]));
  };
  return (
    <>
      <div className={styles.count}>
        <span>{t(entries.hasNextPage ? "shownMore" : "shown", { n: rows.length.toLocaleString() })}</span>
        <Button size="small" onClick={save}>
          {t("saveShown")}
        </Button>
        <Button size="small" loading={entries.isRefetching} onClick={() => void entries.refetch()}>
          {t("refresh")}
        </Button>
      </div>
      {phone ? <Cards rows={rows} /> : <Rows rows={rows} />}
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
  const [asked, setAsked] = useSearchParams();
  const names = Object.keys(NOTHING_WANTED) as (keyof Wanted)[];
  const wanted = Object.fromEntries(names.map((name) => [name, asked.get(name) ?? ""])) as unknown as Wanted;
  const find = (given: Wanted) => setAsked(new URLSearchParams(Object.entries({ part: "entries", ...given }).filter(([, value]) => value)));
  const key = JSON.stringify(wanted);
  return (
    <>
      <Verify />
      <Search key={`search ${key}`} start={wanted} onFind={find} />
      <Found key={key} wanted={wanted} onClear={() => find(NOTHING_WANTED)} />
    </>
  );
}
