/** The fixed roles, what each may do, and who has it. */
import { Loaded } from "@/blocks/States";
import { usePeople, useRoles } from "./queries";
import type { RoleInfo } from "./records";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

function OneRole({ role }: { role: RoleInfo }) {
  const t = useAdminWords();
  const people = usePeople({ role: role.id, status: "active" });
  const names = (people.data?.items ?? []).filter(({ roles }) => roles.includes(role.id)).map(({ name }) => name);
  return (
    <li className={styles.card}>
      <h3>{role.name}</h3>
      <p>{role.description}</p>
      <p>
        <span className={styles.dim}>{t("holders")}</span> {names.length ? names.join("、") : people.isPending ? "…" : t("nobody")}
      </p>
    </li>
  );
}

export function RolesPage() {
  const t = useAdminWords();
  const roles = useRoles();
  return (
    <>
      <p className={styles.hint}>{t("rolesHint")}</p>
      <Loaded query={roles}>
        {({ items }) => (
          <ul className={styles.plain}>
            {items.map((role) => (
              <OneRole key={role.id} role={role} />
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}
