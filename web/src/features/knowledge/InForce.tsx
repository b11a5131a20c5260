/** From when until when something is in force. */
import { useLibraryWords } from "./words";
import styles from "./library.module.css";

/** `until` is the first day no longer in force. */
export function InForce({ from, until }: { from: string | null; until: string | null }) {
  const t = useLibraryWords();
  if (!from && !until) return <span className={styles.dim}>{t("noDate")}</span>;
  return <span>{until ? t("until", { from: from ?? "…", to: until }) : t("from", { day: from ?? "" })}</span>;
}
