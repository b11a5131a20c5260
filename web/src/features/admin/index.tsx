/** Everything under /admin: a list of parts and the part chosen. */
import type { ComponentType } from "react";
import { Navigate, NavLink, Route, Routes } from "react-router";
import { usePerson } from "@/api/session";
import { Page } from "@/blocks/Page";
import { DepartmentsPage } from "./DepartmentsPage";
import { GlossaryPage } from "./GlossaryPage";
import { KeysPage } from "./KeysPage";
import { PeoplePage } from "./PeoplePage";
import { PostsPage } from "./PostsPage";
import { RightsPage } from "./RightsPage";
import { RolesPage } from "./RolesPage";
import { SessionsPage } from "./SessionsPage";
import { SettingsPage } from "./SettingsPage";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

type PartId = "people" | "departments" | "posts" | "roles" | "rights" | "keys" | "sessions" | "glossary" | "settings";

const PEOPLE = ["people_admin"];
const CONTENT = ["content_admin"];
const PARTS: { id: PartId; roles: string[]; Content: ComponentType }[] = [
  { id: "people", roles: PEOPLE, Content: PeoplePage },
  { id: "departments", roles: PEOPLE, Content: DepartmentsPage },
  { id: "posts", roles: PEOPLE, Content: PostsPage },
  { id: "roles", roles: PEOPLE, Content: RolesPage },
  { id: "rights", roles: CONTENT, Content: RightsPage },
  { id: "keys", roles: PEOPLE, Content: KeysPage },
  { id: "sessions", roles: PEOPLE, Content: SessionsPage },
  { id: "glossary", roles: CONTENT, Content: GlossaryPage },
  { id: "settings", roles: ["operator", "people_admin"], Content: SettingsPage },
];

export default function Admin() {
  const t = useAdminWords();
  const { roles } = usePerson();
  const mine = PARTS.filter((part) => part.roles.some((role) => roles.includes(role)));
  return (
    <Page title={t("title")}>
      <div className={styles.admin}>
        <nav className={styles.menu} aria-label={t("menu")}>
          {mine.map(({ id }) => (
            <NavLink key={id} to={`/admin/${id}`}>
              {t(id)}
            </NavLink>
          ))}
        </nav>
        <div>
          <Routes>
            <Route index element={mine[0] ? <Navigate replace to={mine[0].id} /> : null} />
            {mine.map(({ id, Content }) => (
              <Route key={id} path={id} element={<Content />} />
            ))}
          </Routes>
        </div>
      </div>
    </Page>
  );
}
