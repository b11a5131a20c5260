/** A short word with a meaning: jade is verified, amber needs a person, cinnabar is danger, grey is plain. */
import type { ReactNode } from "react";
import styles from "./Mark.module.css";

export type Tone = "verified" | "needs" | "danger" | "ink" | "plain";

export function Mark({ tone = "plain", icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={`${styles.mark} ${styles[tone]}`}>
      {icon}
      {children}
    </span>
  );
}
