/** A line at the top while the server cannot be reached; what is written stays. */
import { onlineManager, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError } from "@/api/client";
import styles from "./Offline.module.css";
import { useShellWords } from "./words";

export function OfflineBar() {
  const t = useShellWords();
  const client = useQueryClient();
  const [offline, setOffline] = useState(!onlineManager.isOnline());
  useEffect(() => {
    const stopOnline = onlineManager.subscribe((online) => setOffline(!online));
    const stopCache = client.getQueryCache().subscribe((event) => {
      if (event.type !== "updated") return;
      if (event.action.type === "success") setOffline(false);
      if (event.action.type === "error" && event.action.error instanceof ApiError && event.action.error.isOffline) {
        setOffline(true);
      }
    });
    return () => {
      stopOnline();
      stopCache();
    };
  }, [client]);
  return offline ? (
    <div className={styles.bar} role="alert">
      {t("offlineBar")}
    </div>
  ) : null;
}
