/** What a page shows when it has nothing (yet): empty, loading, failed, not allowed, offline. */
import { Button, Skeleton } from "antd";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError, messageOf } from "@/api/client";
import { State } from "./State";
import { useBlockWords } from "./words";
import styles from "./States.module.css";

export { State };

/** Grey rows in the place of what is coming; appears only after a moment, so that quick answers do not flicker. */
export function Loading({ rows = 5 }: { rows?: number }) {
  const t = useBlockWords();
  return (
    <div className={styles.loading} role="status" aria-label={t("loading")}>
      <Skeleton active={false} title={false} paragraph={{ rows }} />
    </div>
  );
}

/** A failure in the reader's words, with its remedy and the request's id. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useBlockWords();
  const again = retry ? <Button onClick={retry}>{t("retry")}</Button> : null;
  if (error instanceof ApiError) {
    if (error.isOffline) return <State title={t("offline")} hint={t("offlineHint")} action={again} tone="needs" />;
    const back = <Button onClick={() => window.history.back()}>{t("back")}</Button>;
    if (error.status === 403) return <State title={t("noRight")} hint={error.message || t("noRightHint")} action={back} />;
    if (error.status === 404) return <State title={t("notFound")} hint={error.message || t("notFoundHint")} action={back} />;
  }
  const id = error instanceof ApiError && error.requestId ? t("requestId", { id: error.requestId }) : "";
  const hint = (
    <>
      {messageOf(error)}
      {id ? <span className={styles.id}>{id}</span> : null}
    </>
  );
  return <State title={t("failed")} hint={hint} action={again} tone="danger" />;
}

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  /** Rows of the skeleton. */
  rows?: number;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  children: (data: T) => ReactNode;
}

/** The data of a query, or the right state instead of it. */
export function Loaded<T>({ query, rows, isEmpty, empty, children }: LoadedProps<T>) {
  if (query.data === undefined) {
    return query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Loading rows={rows} />;
  }
  if (empty !== undefined && isEmpty?.(query.data)) return empty;
  return children(query.data);
}
