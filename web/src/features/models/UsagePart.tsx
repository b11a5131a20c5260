/** What was used and what it cost, by whom or by day, as a chart, a table and a file; a row leads to its days. */
import { Button, Segmented, Select, Tag } from "antd";
import { useSearchParams } from "react-router";
import { urlOf } from "@/api/client";
import { DayInput } from "@/blocks/DayInput";
import { LinkButton } from "@/blocks/LinkButton";
import { useNames } from "@/blocks/names";
import { Loaded, State } from "@/blocks/States";
import { useModels, useUsage, type Usage, type UsageBy } from "./records";
import { daysOf, SPANS, spanOf, type Measure, type Span } from "./usage";
import { UsageShown } from "./UsageShown";
import { useUsageWords } from "./usageWords";
import styles from "./models.module.css";

const GROUPS: UsageBy[] = ["day", "model", "department", "subject", "application"];
const MEASURES: Measure[] = ["tokens", "calls", "cost"];
const FILTERS = ["model", "department", "subject", "application"] as const;
type Filter = (typeof FILTERS)[number];

/** What is asked stands in the address, so that it can be sent to a colleague and back goes back. */
function useAsked() {
  const [asked, setAsked] = useSearchParams();
  const month = daysOf("month");
  const change = (given: Record<string, string>) => {
    const next = new URLSearchParams(asked);
    for (const [name, value] of Object.entries(given)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setAsked(next);
  };
  const filters = Object.fromEntries(FILTERS.map((name) => [name, asked.get(name) ?? ""])) as Record<Filter, string>;
  return {
    by: (asked.get("by") ?? "day") as UsageBy,
    measure: (asked.get("measure") ?? "tokens") as Measure,
    from: asked.get("from") ?? month.from,
    to: asked.get("to") ?? month.to,
    filters,
    change,
  };
}

function Conditions({ filters, change }: { filters: Record<Filter, string>; change: (given: Record<string, string>) => void }) {
  const t = useUsageWords();
  const nameOf = useNames([filters.subject]);
  const set = FILTERS.filter((name) => filters[name]);
  if (set.length === 0) return null;
  return (
    <div className={styles.tools}>
      {set.map((name) => (
        <Tag key={name} closable={{ "aria-label": t("clear") }} onClose={() => change({ [name]: "" })}>
          {t("only", { what: t(name), name: name === "subject" ? nameOf(filters[name]) : filters[name] })}
        </Tag>
      ))}
      <Button size="small" type="link" onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, ""])))}>
        {t("clear")}
      </Button>
    </div>
  );
}

export function UsagePart() {
  const t = useUsageWords();
  const { by, measure, from, to, filters, change } = useAsked();
  const models = useModels().data?.items ?? [];
  const query = { by, from, to, ...filters };
  const usage = useUsage(query);
  const isNarrowed = FILTERS.some((name) => filters[name]);
  const span = spanOf(from, to);
  const drill = (key: string) => (by === "day" ? change({ by: "model", from: key, to: key }) : change({ [by]: key, by: "day" }));
  const empty = isNarrowed ? (
    <State title={t("noMatch")} hint={t("noMatchHint")} />
  ) : (
    <State title={t("noUsage")} hint={t("noUsageHint")} action={<LinkButton to="/models?part=playground">{t("toPlayground")}</LinkButton>} />
  );
  return (
    <>
      <div className={styles.tools}>
        <Segmented aria-label={t("by")} value={by} onChange={(one) => change({ by: one })} options={GROUPS.map((one) => ({ value: one, label: t(one) }))} />
        <Segmented aria-label={t("measure")} value={measure} onChange={(one) => change({ measure: one })} options={MEASURES.map((one) => ({ value: one, label: t(one) }))} />
        <span className={styles.spring} />
        <Button href={urlOf("/usage.csv", query)} download disabled={!usage.data?.items.length}>
          {t("download")}
        </Button>
      </div>
      <div className={styles.tools}>
        <label>
          {t("span")}
          <Select<Span | "chosen">
            value={span ?? "chosen"}
            style={{ minWidth: 120 }}
            onChange={(one) => one !== "chosen" && change(daysOf(one))}
            options={[...SPANS.map((one) => ({ value: one, label: t(one) })), ...(span ? [] : [{ value: "chosen" as const, label: t("chosen") }])]}
          />
        </label>
        <label>
          {t("from")}
          <DayInput value={from} onChange={(day) => change({ from: day, ...(day > to ? { to: day } : {}) })} />
        </label>
        <label>
          {t("to")}
          <DayInput value={to} onChange={(day) => change({ to: day, ...(day && day < from ? { from: day } : {}) })} />
        </label>
        <label>
          {t("model")}
          <Select
            value={filters.model}
            style={{ minWidth: 180, maxWidth: 280 }}
            onChange={(model) => change({ model })}
            options={[{ value: "", label: t("anyModel") }, ...models.map(({ name }) => ({ value: name, label: name }))]}
          />
        </label>
      </div>
      <Conditions filters={filters} change={change} />
      <Loaded<Usage> query={usage} rows={10} isEmpty={({ items }) => items.length === 0} empty={empty}>
        {(shown) => <UsageShown usage={shown} measure={measure} isBusy={usage.isPlaceholderData} onDrill={drill} />}
      </Loaded>
    </>
  );
}
