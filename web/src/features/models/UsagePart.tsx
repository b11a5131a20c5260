/** What was used and what it cost, by whom or by day, as a chart, a table and a file. */
import { Button, Segmented, Table } from "antd";
import { useMemo, useState } from "react";
import { urlOf } from "@/api/client";
import { Chart } from "@/blocks/Chart";
import { DayInput } from "@/blocks/DayInput";
import { dayOf } from "@/blocks/LocalTime";
import { Loaded, State } from "@/blocks/States";
import { costOf, useUsage, type Usage, type UsageBy, type UsageRow } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

const DAYS = 30;
const DAY_MS = 86_400_000;
const BARS_MAX = 15;
const GROUPS: UsageBy[] = ["day", "model", "department", "subject", "application"];

function Shown({ usage }: { usage: Usage }) {
  const t = useModelWords();
  const option = useMemo(() => {
    const rows = usage.by === "day" ? usage.items : usage.items.slice(0, BARS_MAX);
    const tokens = rows.map((row) => row.input_tokens + row.output_tokens);
    const names = { type: "category" as const, data: rows.map(({ key }) => key || "—") };
    const figures = { type: "value" as const };
    return usage.by === "day"
      ? { tooltip: { trigger: "axis" as const, renderMode: "richText" as const }, xAxis: names, yAxis: figures, series: [{ type: "bar" as const, data: tokens }] }
      : {
          tooltip: { trigger: "axis" as const, renderMode: "richText" as const },
          xAxis: figures,
          yAxis: { ...names, inverse: true },
          series: [{ type: "bar" as const, data: tokens, label: { show: true, position: "right" as const } }],
        };
  }, [usage]);
  const title = t("usageFinding", { from: usage.from, to: usage.to, calls: usage.total.calls.toLocaleString(), cost: costOf(usage.total.cost) });
  const figure = (name: "calls" | "input_tokens" | "output_tokens" | "failed" | "blocked", label: string) => ({
    title: label,
    align: "right" as const,
    render: (_: unknown, row: UsageRow) => row[name].toLocaleString(),
  });
  return (
    <>
      <div className={styles.card}>
        <h2>{title}</h2>
        <p className={styles.dim}>{`${t("input")} + ${t("output")}`}</p>
        <Chart option={option} label={title} height={usage.by === "day" ? 240 : 40 + 32 * Math.min(BARS_MAX, usage.items.length)} />
      </div>
      <Table<UsageRow>
        rowKey="key"
        size="small"
        dataSource={usage.items}
        pagination={usage.items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        scroll={{ x: 760 }}
        columns={[
          { title: t(usage.by), dataIndex: "key" },
          figure("calls", t("calls")),
          figure("input_tokens", t("input")),
          figure("output_tokens", t("output")),
          { title: t("cost"), align: "right", render: (_, { cost }) => costOf(cost) },
          figure("failed", t("failed")),
          figure("blocked", t("blocked")),
        ]}
      />
    </>
  );
}

export function UsagePart() {
  const t = useModelWords();
  const [by, setBy] = useState<UsageBy>("day");
  const [from, setFrom] = useState(() => dayOf(new Date(Date.now() - DAYS * DAY_MS)));
  const [to, setTo] = useState(() => dayOf(new Date()));
  const query = { by, from, to };
  const usage = useUsage(query);
  return (
    <>
      <div className={styles.tools}>
        <Segmented value={by} onChange={setBy} options={GROUPS.map((one) => ({ value: one, label: t(one) }))} />
        <label>
          {t("from")}
          <DayInput value={from} onChange={setFrom} />
        </label>
        <label>
          {t("to")}
          <DayInput value={to} onChange={setTo} />
        </label>
        <Button href={urlOf("/usage.csv", query)} download>
          {t("download")}
        </Button>
      </div>
      <Loaded query={usage} isEmpty={({ items }) => items.length === 0} empty={<State title={t("noUsage")} />}>
        {(shown) => <Shown usage={shown} />}
      </Loaded>
    </>
  );
}
