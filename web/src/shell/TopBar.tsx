/** The bar at the top: search, what is running, and the person's own menu. */
import type { Person } from "@/api/session";
import { JobTray } from "./JobTray";
import { Me } from "./Me";
import { OfflineBar } from "./Offline";
import type { PortalPage } from "./pages";
import styles from "./TopBar.module.css";
import { TopSearch } from "./TopSearch";

export function TopBar({ person, pages }: { person: Person; pages: PortalPage[] }) {
  return (
    <>
      <OfflineBar />
      <header className={styles.bar}>
        <TopSearch pages={pages} />
        <div className={styles.grow} />
        <JobTray />
        <Me person={person} />
      </header>
    </>
  );
}
