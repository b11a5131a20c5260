/** A calm block in the place of a page: what is (not) here and what to do next. */
import type { ReactNode } from "react";
import styles from "./States.module.css";

interface StateProps {
  title: string;
  hint?: ReactNode;
  /** The one next step. */
  action?: ReactNode;
  tone?: "plain" | "danger" | "needs";
}

/** A calm block that says what is (not) here and what to do next. */
export function State({ title, hint, action, tone = "plain" }: StateProps) {
  return (
    <div className={`${styles.state} ${styles[tone]}`} role={tone === "plain" ? "status" : "alert"}>
      <strong>{title}</strong>
      {hint ? <p>{hint}</p> : null}
      {action ? <div className={styles.action}>{action}</div> : null}
    </div>
  );
}
