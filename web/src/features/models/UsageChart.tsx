/** Usage as bars: days upright, everything else lying, the largest first, with its figure beside it. */
import { useMemo } from "react";
import { Chart } from "@/blocks/Chart";
import { useIsPhone } from "@/blocks/narrow";
import type { UsageRow } from "./records";
import { measured, moneyOf, type Measure } from "./usage";

const BAR_PX = 32;
const DAYS_PX = 240;
const NAME_PX = 220;
const NAME_PHONE_PX = 110;

interface UsageChartProps {
  rows: UsageRow[];
  byDay: boolean;
  measure: Measure;
  currency: string;
  label: string;
  nameOf: (key: string) => string;
}

export function UsageChart({ rows, byDay, measure, currency, label, nameOf }: UsageChartProps) {
  const phone = useIsPhone();
  const figures = rows.map((row) => measured(row, measure));
  const names = rows.map(({ key }) => nameOf(key));
  const drawn = JSON.stringify([names, figures]);
  const option = useMemo(() => {
    const [keys, data] = JSON.parse(drawn) as [string[], number[]];
    const say = (value: number) => (measure === "cost" ? moneyOf(value, currency) : value.toLocaleString());
    const tooltip = {
      trigger: "axis" as const,
      renderMode: "richText" as const,
      axisPointer: { type: "shadow" as const },
      valueFormatter: (value: unknown) => say(Number(value)),
    };
    const short = { type: "value" as const, axisLabel: { hideOverlap: true }, minInterval: measure === "cost" ? undefined : 1 };
    if (byDay) {
      const days = { type: "category" as const, data: keys, axisLabel: { formatter: (day: string) => day.slice(5), hideOverlap: true } };
      return { tooltip, xAxis: days, yAxis: short, series: [{ type: "bar" as const, data, barMaxWidth: 28 }] };
    }
    const width = phone ? NAME_PHONE_PX : NAME_PX;
    return {
      tooltip,
      grid: { left: 8, right: 88, top: 8, bottom: 8, containLabel: true },
      xAxis: { ...short, show: false },
      yAxis: { type: "category" as const, inverse: true, data: keys, axisTick: { show: false }, axisLabel: { width, overflow: "truncate" as const } },
      series: [
        {
          type: "bar" as const,
          data,
          barMaxWidth: 18,
          label: { show: true, position: "right" as const, formatter: ({ value }: { value: unknown }) => say(Number(value)) },
        },
      ],
    };
  }, [drawn, byDay, measure, currency, phone]);
  return <Chart option={option} label={label} height={byDay ? DAYS_PX : BAR_PX * (rows.length + 1)} />;
}
