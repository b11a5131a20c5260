/** Small and large models together: accuracy against what is sent on, and the point that was chosen. */
import { App, Button, Select } from "antd";
import { useMemo, useState } from "react";
import { api, messageOf } from "@/api/client";
import { Chart } from "@/blocks/Chart";
import { LocalTime } from "@/blocks/LocalTime";
import { Loaded, State } from "@/blocks/States";
import { useCascades, useModelChange, type Cascade } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

const share = (ratio: number) => `${(ratio * 100).toFixed(1)}%`;

function OneCascade({ cascade }: { cascade: Cascade }) {
  const t = useModelWords();
  const { message } = App.useApp();
  const [wanted, setWanted] = useState(cascade.threshold);
  const choose = useModelChange((threshold: number) => api.post(`/cascades/${encodeURIComponent(cascade.name)}/threshold`, { threshold }));
  const chosen = cascade.points.find(({ threshold }) => threshold === cascade.threshold);
  const option = useMemo(() => {
    const data = [...cascade.points].sort((one, other) => one.sent_on - other.sent_on).map((point) => [point.sent_on * 100, point.accuracy * 100]);
    const mark = chosen ? [{ name: t("chosen"), coord: [chosen.sent_on * 100, chosen.accuracy * 100], value: t("chosen") }] : [];
    return {
      tooltip: { trigger: "axis" as const, renderMode: "richText" as const },
      xAxis: { type: "value" as const, name: `${t("sentOn")} %`, nameLocation: "middle" as const, nameGap: 28 },
      yAxis: { type: "value" as const, name: `${t("accuracy")} %`, scale: true },
      grid: { left: 8, right: 24, top: 40, bottom: 28, containLabel: true },
      series: [{ type: "line" as const, data, symbolSize: 6, markPoint: { data: mark, symbol: "circle", symbolSize: 14, label: { position: "top" as const, fontSize: 12 } } }],
    };
  }, [cascade.points, chosen, t]);
  const title = chosen
    ? t("cascadeFinding", { cases: cascade.cases, t: cascade.threshold, a: share(chosen.accuracy), s: share(chosen.sent_on) })
    : cascade.name;
  return (
    <li className={styles.card}>
      <h2>{`${cascade.name}：${title}`}</h2>
      <p className={styles.dim}>
        {cascade.task} · {cascade.steps.join(" → ")}
        {cascade.chosen_by ? <> · {t("chosenBy", { name: cascade.chosen_by })} <LocalTime at={cascade.chosen_at} /></> : null}
        {cascade.note ? ` · ${cascade.note}` : ""}
      </p>
      <Chart option={option} label={title} />
      <div className={styles.tools}>
        <Select
          aria-label={t("choose")}
          value={wanted}
          style={{ minWidth: 280 }}
          onChange={setWanted}
          options={cascade.points.map((point) => ({
            value: point.threshold,
            label: `${t("threshold", { n: point.threshold })}：${share(point.accuracy)}，${share(point.sent_on)}`,
          }))}
        />
        <Button
          disabled={wanted === cascade.threshold}
          loading={choose.isPending}
          onClick={() =>
            choose.mutate(wanted, { onSuccess: () => void message.success(t("saved")), onError: (error) => void message.error(messageOf(error)) })
          }
        >
          {t("choose")}
        </Button>
      </div>
    </li>
  );
}

export function Cascades() {
  const t = useModelWords();
  const cascades = useCascades();
  return (
    <Loaded query={cascades} isEmpty={({ items }) => items.length === 0} empty={<State title={t("noCascades")} hint={t("noCascadesHint")} />}>
      {({ items }) => (
        <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
          {items.map((cascade) => (
            <OneCascade key={cascade.name} cascade={cascade} />
          ))}
        </ul>
      )}
    </Loaded>
  );
}
