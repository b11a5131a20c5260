/** A chart in the portal's colours; the drawing library is loaded only when a chart is on the page. */
import type { EChartsOption } from "echarts";
import { useEffect, useRef } from "react";
import { useAppearance } from "@/theme/appearance";
import { PALETTES } from "@/theme/tokens";

interface ChartProps {
  option: EChartsOption;
  /** What the chart shows, for those who do not see it. */
  label: string;
  height?: number;
}

const HEIGHT_PX = 280;

/** Colours that the colour-blind can tell apart, the ink first. */
export const SERIES = { light: ["#1F3A5F", "#B8860B", "#5B8DB8", "#7A5C99"], dark: ["#8FB1DD", "#E2B25A", "#6FA0A0", "#B79AD6"] };

export function Chart({ option, label, height = HEIGHT_PX }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const { mode } = useAppearance();
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let stop = () => undefined as void;
    let gone = false;
    void import("./drawing").then(({ init }) => {
      if (gone) return;
      const chart = init(element);
      const { text, textFaint, line } = PALETTES[mode];
      const axis = { axisLine: { lineStyle: { color: line } }, axisLabel: { color: textFaint }, splitLine: { lineStyle: { color: line } } };
      chart.setOption({
        color: SERIES[mode],
        textStyle: { color: text },
        animation: false,
        grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
        ...option,
        xAxis: { ...axis, nameTextStyle: { color: textFaint }, ...(option.xAxis as object) },
        yAxis: { ...axis, nameTextStyle: { color: textFaint }, ...(option.yAxis as object) },
      });
      const watch = new ResizeObserver(() => chart.resize());
      watch.observe(element);
      stop = () => {
        watch.disconnect();
        chart.dispose();
      };
    });
    return () => {
      gone = true;
      stop();
    };
  }, [option, mode]);
  return <div ref={place} role="img" aria-label={label} style={{ height, width: "100%" }} />;
}
