/** The sums of a time: what they come to in one line, the chart, and every group with its figures. */
import { Button, Table, type TableColumnsType } from "antd";
import { useMemo } from "react";
import { useNames } from "@/blocks/names";
import { useModels, type Usage, type UsageRow } from "./records";
import { everyDay, measured, moneyOf, type Measure } from "./usage";
import { UsageChart } from "./UsageChart";
import { useUsageWords } from "./usageWords";
import styles from "./models.module.css";

const BARS_MAX = 15;
const GROUPS_MAX = 1000;
const ROWS = 50;

/** The end of a department's path, which tells it from the others. */
const shortPath = (path: string) => path.split("/").slice(-2).join("/");

interface UsageShownProps {
  usage: Usage;
  measure: Measure;
  isBusy: boolean;
  /** Go on to what a row is made of. */
  onDrill: (key: string) => void;
}

/** The one currency of what is shown; "" where there are several, which are told. */
function useCurrency(usage: Usage): { currency: string; several: string[]; currencyOf: (model: string) => string } {
  const models = useModels().data?.items ?? [];
  const currencyOf = (name: string) => models.find((model) => model.name === name)?.currency ?? "";
  const priced = models.filter(({ price_input, price_output }) => Number(price_input) || Number(price_output));
  const used = usage.by === "model" ? priced.filter(({ name }) => usage.items.some(({ key }) => key === name)) : priced;
  const several = [...new Set(used.map(({ currency }) => currency))];
  return { currency: several.length === 1 ? (several[0] ?? "") : "", several: several.length > 1 ? several : [], currencyOf };
}

function Totals({ usage, currency }: { usage: Usage; currency: string }) {
  const t = useUsageWords();
  const { calls, input_tokens, output_tokens, cost, failed, blocked } = usage.total;
  const cells = [calls, input_tokens, output_tokens].map((figure) => figure.toLocaleString());
  return (
    <Table.Summary.Row className={styles.total}>
      {[t("total"), ...cells, moneyOf(cost, currency), failed.toLocaleString(), blocked.toLocaleString()].map((cell, index) => (
        <Table.Summary.Cell key={index} index={index} align={index ? "right" : "left"}>
          {cell}
        </Table.Summary.Cell>
      ))}
    </Table.Summary.Row>
  );
}

function useNameOf(usage: Usage, shown: readonly string[]): (key: string) => string {
  const t = useUsageWords();
  const personOf = useNames(usage.by === "subject" ? shown : []);
  return (key) => {
    if (!key) return t("unnamed");
    if (usage.by === "subject") return personOf(key);
    if (usage.by === "application" && (key === "portal" || key === "playground")) return t(key);
    return key;
  };
}

export function UsageShown({ usage, measure, isBusy, onDrill }: UsageShownProps) {
  const t = useUsageWords();
  const { currency, several, currencyOf } = useCurrency(usage);
  const byDay = usage.by === "day";
  const ranked = useMemo(
    () => [...usage.items].sort((one, other) => measured(other, measure) - measured(one, measure)).slice(0, BARS_MAX),
    [usage.items, measure],
  );
  const bars = byDay ? everyDay(usage.items, usage.from, usage.to) : ranked;
  const nameOf = useNameOf(usage, usage.items.map(({ key }) => key));
  const title = t("finding", {
    from: usage.from,
    to: usage.to,
    calls: usage.total.calls.toLocaleString(),
    tokens: (usage.total.input_tokens + usage.total.output_tokens).toLocaleString(),
    cost: moneyOf(usage.total.cost, currency),
  });
  const figure = (name: "calls" | "input_tokens" | "output_tokens" | "failed" | "blocked", label: string) => ({
    title: label,
    align: "right" as const,
    sorter: (one: UsageRow, other: UsageRow) => one[name] - other[name],
    render: (_: unknown, row: UsageRow) => row[name].toLocaleString(),
  });
  const columns: TableColumnsType<UsageRow> = [
    {
      title: t(usage.by),
      fixed: "left",
      width: 220,
      sorter: (one, other) => nameOf(one.key).localeCompare(nameOf(other.key)),
      render: (_, { key }) => (
        <Button type="link" className={styles.key} title={byDay ? undefined : t("drill", { name: nameOf(key) })} onClick={() => onDrill(key)} disabled={!key}>
          {nameOf(key)}
        </Button>
      ),
    },
    figure("calls", t("calls")),
    figure("input_tokens", t("input")),
    figure("output_tokens", t("output")),
    {
      title: t("cost"),
      align: "right",
      sorter: (one, other) => Number(one.cost) - Number(other.cost),
      render: (_, { key, cost }) => moneyOf(cost, usage.by === "model" ? currencyOf(key) : currency),
    },
    figure("failed", t("failed")),
    figure("blocked", t("blocked")),
  ];
  return (
    <>
      <div className={styles.card}>
        <h2>{title}</h2>
        <p className={styles.dim}>
          {t(measure)}
          {!byDay && usage.items.length > BARS_MAX ? ` · ${t("top", { n: BARS_MAX, all: usage.items.length.toLocaleString() })}` : ""}
          {usage.items.length >= GROUPS_MAX ? ` · ${t("cut", { n: GROUPS_MAX.toLocaleString() })}` : ""}
        </p>
        {several.length ? <p className={styles.warn}>{t("mixed", { names: several.join("、") })}</p> : null}
        <UsageChart rows={bars} byDay={byDay} measure={measure} currency={currency} label={title} nameOf={(key) => (usage.by === "department" ? shortPath(nameOf(key)) : nameOf(key))} />
      </div>
      <Table<UsageRow>
        rowKey="key"
        size="small"
        loading={isBusy}
        dataSource={byDay ? [...usage.items].reverse() : usage.items}
        pagination={usage.items.length > ROWS ? { defaultPageSize: ROWS, showSizeChanger: false } : false}
        scroll={{ x: 860 }}
        columns={columns}
        summary={() => <Totals usage={usage} currency={currency} />}
      />
    </>
  );
}
