/** The rail of a phone: four places and "more". */
import { EllipsisOutlined } from "@ant-design/icons";
import { Drawer } from "antd";
import { useState } from "react";
import { NavLink } from "react-router";
import styles from "./BottomBar.module.css";
import { PAGE_ICONS } from "./icons";
import type { PortalPage } from "./pages";
import { useShellWords } from "./words";

const SHOWN = 4;

export function BottomBar({ pages }: { pages: PortalPage[] }) {
  const t = useShellWords();
  const [open, setOpen] = useState(false);
  const main = pages.filter(({ id }) => id !== "about").slice(0, SHOWN);
  const rest = pages.filter((page) => !main.includes(page));
  return (
    <nav className={styles.bar} aria-label={t("rail")}>
      {main.map(({ id, path }) => (
        <NavLink
          key={id}
          to={path}
          end={path === "/"}
          className={({ isActive }) => `${styles.item} ${isActive ? styles.active : ""}`}
        >
          {PAGE_ICONS[id]}
          <span>{t(id)}</span>
        </NavLink>
      ))}
      {rest.length > 0 ? (
        <button type="button" className={styles.item} onClick={() => setOpen(true)} aria-haspopup="dialog">
          <EllipsisOutlined />
          <span>{t("more")}</span>
        </button>
      ) : null}
      <Drawer placement="bottom" open={open} onClose={() => setOpen(false)} title={t("more")} size={56 * rest.length + 96}>
        <div className={styles.rest}>
          {rest.map(({ id, path }) => (
            <NavLink key={id} to={path} className={styles.row} onClick={() => setOpen(false)}>
              {PAGE_ICONS[id]}
              <span>{t(id)}</span>
            </NavLink>
          ))}
        </div>
      </Drawer>
    </nav>
  );
}
