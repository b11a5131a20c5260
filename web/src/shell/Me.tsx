/** The person's own menu: who they are, appearance, language, account, sign out. */
import { Button, Dropdown, type MenuProps } from "antd";
import { useNavigate } from "react-router";
import { useSignOut, type Person } from "@/api/session";
import { useAppearance } from "@/theme/appearance";
import styles from "./Me.module.css";
import { useShellWords } from "./words";

export function Me({ person }: { person: Person }) {
  const t = useShellWords();
  const go = useNavigate();
  const { theme, language, chooseTheme, chooseLanguage } = useAppearance();
  const signOut = useSignOut();
  const items: MenuProps["items"] = [
    {
      key: "who",
      disabled: true,
      label: (
        <div className={styles.who}>
          <strong>{person.name}</strong>
          <span>{person.department?.path ?? person.department?.name}</span>
          <span>{person.posts.map((post) => post.name).join("、")}</span>
        </div>
      ),
    },
    { type: "divider" },
    {
      key: "theme",
      label: t("theme"),
      children: (["system", "light", "dark"] as const).map((choice) => ({ key: choice, label: t(choice) })),
    },
    {
      key: "language",
      label: t("language"),
      children: [
        { key: "zh", label: "中文" },
        { key: "en", label: "English" },
      ],
    },
    { type: "divider" },
    { key: "account", label: t("account") },
    { key: "about", label: t("about") },
    { key: "out", label: t("signOut") },
  ];
  const choose = ({ key }: { key: string }) => {
    if (key === "zh" || key === "en") chooseLanguage(key);
    else if (key === "system" || key === "light" || key === "dark") chooseTheme(key);
    else if (key === "out") signOut.mutate();
    else void go(`/${key}`);
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{ items, onClick: choose, selectable: true, selectedKeys: [theme, language] }}
      placement="bottomRight"
    >
      <Button type="text" title={t("me")} className={styles.button}>
        <span className={styles.initial} aria-hidden="true">
          {person.name.slice(-1)}
        </span>
        <span className={styles.name}>{person.name}</span>
      </Button>
    </Dropdown>
  );
}
