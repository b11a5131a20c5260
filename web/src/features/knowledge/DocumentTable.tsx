/** One page of a collection's documents: a table on a desk, cards on a phone. */
import { Table, type TableColumnsType } from "antd";
import { Link, useNavigate } from "react-router";
import { dayOf, LocalTime } from "@/blocks/LocalTime";
import { useIsPhone } from "@/blocks/narrow";
import { InForce } from "./InForce";
import type { DocumentRow } from "./records";
import { StatusMark } from "./StatusMark";
import { useLibraryWords } from "./words";
import styles from "./library.module.css";

function Title({ row }: { row: DocumentRow }) {
  return (
    <>
      <Link className={styles.title} to={`/knowledge/documents/${row.id}`}>
        {row.title}
      </Link>
      {row.number ? <span className={styles.number}>{row.number}</span> : null}
    </>
  );
}

function ReviewOn({ day }: { day: string | null }) {
  const t = useLibraryWords();
  if (!day) return <span className={styles.dim}>—</span>;
  return day < dayOf(new Date()) ? <span className={styles.late}>{`${day} ${t("overdue")}`}</span> : <span>{day}</span>;
}

function Cards({ rows }: { rows: DocumentRow[] }) {
  return (
    <ul className={styles.cards}>
      {rows.map((row) => (
        <li key={row.id} className={styles.card}>
          <div>
            <Title row={row} />
          </div>
          <div className={styles.row}>
            <InForce from={row.effective_from} until={row.effective_to} />
            <StatusMark status={row.status} from={row.effective_from} until={row.effective_to} />
          </div>
        </li>
      ))}
    </ul>
  );
}

export function DocumentTable({ rows, loading }: { rows: DocumentRow[]; loading: boolean }) {
  const t = useLibraryWords();
  const phone = useIsPhone();
  const navigate = useNavigate();
  if (phone) return <Cards rows={rows} />;
  const columns: TableColumnsType<DocumentRow> = [
    { key: "title", title: t("name"), render: (_, row) => <Title row={row} /> },
    { key: "status", title: t("status"), width: 96, render: (_, row) => <StatusMark status={row.status} from={row.effective_from} until={row.effective_to} /> },
    {
      key: "force",
      title: t("inForce"),
      width: 184,
      render: (_, row) => <InForce from={row.effective_from} until={row.effective_to} />,
    },
    { key: "owner", title: t("owner"), width: 96, render: (_, row) => row.owner?.name ?? <span className={styles.dim}>—</span> },
    { key: "review", title: t("reviewOn"), width: 120, render: (_, row) => <ReviewOn day={row.review_on} /> },
    { key: "changed", title: t("changed"), width: 150, responsive: ["xxl"], render: (_, row) => <LocalTime at={row.changed_at} /> },
  ];
  return (
    <Table
      rowKey="id"
      size="middle"
      columns={columns}
      dataSource={rows}
      loading={loading}
      pagination={false}
      scroll={{ x: 720 }}
      onRow={(row) => ({ onDoubleClick: () => void navigate(`/knowledge/documents/${row.id}`) })}
    />
  );
}
