/** The fixed roles, what each may do, and who has it. */
import { Button } from "antd";
import { messageOf } from "@/api/client";
import { Loaded } from "@/blocks/States";
import { useHolders, useRoles } from "./queries";
import type { RoleInfo } from "./records";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

function Holders({ role }: { role: RoleInfo }) {
  const t = useAdminWords();
  const holders = useHolders(role.id);
  if (holders.isError) return <p className={styles.dim}>{messageOf(holders.error)}</p>;
  const people = (holders.data?.pages ?? []).flatMap(({ items }) => items);
  if (holders.data && people.length === 0) return <p className={styles.dim}>{t("nobody")}</p>;
  return (
    <>
      <ul className={styles.holders} aria-label={`${t("holders")}：${role.name}`}>
        {people.map(({ id, name, department }) => (
          <li key={id}>
            {name} <span className={styles.dim}>{department?.path}</span>
          </li>
        ))}
      </ul>
      {holders.hasNextPage ? (
        <Button size="small" loading={holders.isFetchingNextPage} onClick={() => void holders.fetchNextPage()}>
          {t("moreHolders")}
        </Button>
      ) : null}
    </>
  );
}

function OneRole({ role }: { role: RoleInfo }) {
  return (
    <li className={styles.card}>
      <h3>{role.name}</h3>
      <p>{role.description}</p>
      <Holders role={role} />
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
