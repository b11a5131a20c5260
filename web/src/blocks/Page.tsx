/** The frame of every page: one heading, what can be done, and the content. */
import { useEffect, type ReactNode } from "react";
import styles from "./Page.module.css";

interface PageProps {
  title: string;
  /** One sentence under the heading, where the page is not self-evident. */
  description?: ReactNode;
  /** Buttons at the right of the heading. */
  actions?: ReactNode;
  /** `reading` is narrow, `work` is as wide as the screen, `full` has no padding (queues, chat). */
  width?: "reading" | "work" | "full";
  children: ReactNode;
}

export function Page({ title, description, actions, width = "work", children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · 银枢`;
  }, [title]);
  return (
    <div className={`${styles.page} ${styles[width]}`}>
      <header className={styles.head}>
        <div>
          <h1>{title}</h1>
          {description ? <p>{description}</p> : null}
        </div>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}
