/** Usage as it is drawn: spans of time, days without calls, and money. */
import { dayOf } from "@/blocks/LocalTime";
import type { UsageRow } from "./records";

export type Measure = "tokens" | "calls" | "cost";
export type Span = "today" | "week" | "month" | "thisMonth" | "lastMonth";
export const SPANS: Span[] = ["today", "week", "month", "thisMonth", "lastMonth"];

const DAY_MS = 86_400_000;
const FRACTION_MAX = 4;

/** First and last day of a span that ends today, or of last month. */
export function daysOf(span: Span, now = new Date()): { from: string; to: string } {
  const [year, month] = [now.getFullYear(), now.getMonth()];
  const back = (days: number) => dayOf(new Date(year, month, now.getDate() - days));
  const to = dayOf(now);
  if (span === "today") return { from: to, to };
  if (span === "week") return { from: back(6), to };
  if (span === "month") return { from: back(29), to };
  if (span === "thisMonth") return { from: dayOf(new Date(year, month, 1)), to };
  return { from: dayOf(new Date(year, month - 1, 1)), to: dayOf(new Date(year, month, 0)) };
}

/** The span that these days are, if they are one. */
export function spanOf(from: string, to: string, now = new Date()): Span | null {
  return SPANS.find((span) => JSON.stringify(daysOf(span, now)) === JSON.stringify({ from, to })) ?? null;
}

/** Every day from the first to the last, those without calls with nothing in them: a gap would hide them. */
export function everyDay(rows: readonly UsageRow[], from: string, to: string): UsageRow[] {
  const known = new Map(rows.map((row) => [row.key, row]));
  const nothing = { calls: 0, input_tokens: 0, output_tokens: 0, cost: "0", failed: 0, blocked: 0 };
  const days: UsageRow[] = [];
  const last = Date.parse(to);
  for (let at = Date.parse(from); at <= last; at += DAY_MS) {
    const key = new Date(at).toISOString().slice(0, 10);
    days.push(known.get(key) ?? { key, ...nothing });
  }
  return days;
}

export function measured(row: Omit<UsageRow, "key">, measure: Measure): number {
  return measure === "calls" ? row.calls : measure === "cost" ? Number(row.cost) : row.input_tokens + row.output_tokens;
}

/** An amount to be read, with its currency where there is only one. */
export function moneyOf(amount: string | number, currency = ""): string {
  const figure = Number(amount).toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: FRACTION_MAX });
  if (currency === "CNY") return `¥${figure}`;
  return currency ? `${figure} ${currency}` : figure;
}
