/** The parts of ECharts that our charts use. */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkPointComponent, TooltipComponent } from "echarts/components";
import { init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

register([BarChart, LineChart, GridComponent, MarkPointComponent, TooltipComponent, CanvasRenderer]);

export { init };
