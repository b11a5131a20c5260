/** The rail at the left, by job; it collapses to icons and remembers it. */
import { MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { useState } from "react";
import { NavLink } from "react-router";
import { PAGE_ICONS } from "./icons";
import type { PortalPage } from "./pages";
import styles from "./Rail.module.css";
import { useShellWords } from "./words";

const COLLAPSED_KEY = "yinshu.rail";

export function Rail({ pages }: { pages: PortalPage[] }) {
  const t = useShellWords();
  const [collapsed, setCollapsed] = useState(() => localStorage.getItem(COLLAPSED_KEY) === "collapsed");
  const toggle = () => {
    localStorage.setItem(COLLAPSED_KEY, collapsed ? "open" : "collapsed");
    setCollapsed(!collapsed);
  };
  return (
    <nav className={`${styles.rail} ${collapsed ? styles.collapsed : ""}`} aria-label={t("rail")}>
      <div className={styles.brand}>
        <img src="/mark.svg" alt="" width={28} height={28} />
        <span className={styles.word}>{t("product")}</span>
      </div>
      <ul>
        {pages
          .filter((page) => page.id !== "about")
          .map(({ id, path }) => (
            <li key={id}>
              <NavLink
                to={path}
                end={path === "/"}
                title={collapsed ? t(id) : undefined}
                aria-label={collapsed ? t(id) : undefined}
                className={({ isActive }) => `${styles.link} ${isActive ? styles.active : ""}`}
              >
                {PAGE_ICONS[id]}
                <span className={styles.word}>{t(id)}</span>
              </NavLink>
            </li>
          ))}
      </ul>
      <button type="button" className={styles.toggle} onClick={toggle} aria-label={t(collapsed ? "expand" : "collapse")}>
        {collapsed ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
      </button>
    </nav>
  );
}
