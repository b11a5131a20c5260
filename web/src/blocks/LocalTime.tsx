/** A time as one says it, with the exact one on hover. */
import { useBlockWords } from "./words";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const two = (n: number) => String(n).padStart(2, "0");

/** YYYY-MM-DD of a local day. */
export function dayOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** YYYY-MM-DD HH:MM:SS, local. */
export function exactTime(at: Date): string {
  return `${dayOf(at)} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `at` is an ISO instant from the server. */
export function LocalTime({ at }: { at: string | null | undefined }) {
  const t = useBlockWords();
  if (!at) return <span>—</span>;
  const then = new Date(at);
  const now = new Date();
  const passedMs = now.getTime() - then.getTime();
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
  const say = () => {
    if (passedMs >= 0 && passedMs < MINUTE_MS) return t("justNow");
    if (passedMs >= 0 && passedMs < HOUR_MS) return t("minutesAgo", { n: Math.floor(passedMs / MINUTE_MS) });
    if (dayOf(then) === dayOf(now)) return t("today", { time });
    if (dayOf(then) === dayOf(new Date(now.getTime() - DAY_MS))) return t("yesterday", { time });
    return `${dayOf(then)} ${time}`;
  };
  return (
    <time dateTime={at} title={exactTime(then)}>
      {say()}
    </time>
  );
}
