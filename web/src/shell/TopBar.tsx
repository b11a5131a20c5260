/** The bar at the top: search, what is running, and the person's own menu. */
import type { Person } from "@/api/session";
import type { PortalPage } from "./pages";
import { Me } from "./Me";
import styles from "./TopBar.module.css";

export function TopBar({ person }: { person: Person; pages: PortalPage[] }) {
  return (
    <header className={styles.bar}>
      <div className={styles.grow} />
      <Me person={person} />
    </header>
  );
}
