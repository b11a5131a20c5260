/** Rights on collections: choose one, then see and change who may do what. */
import { Button } from "antd";
import { useState } from "react";
import { Loaded, State } from "@/blocks/States";
import { useLibraryWords } from "@/features/knowledge/words";
import { GrantsDrawer } from "./GrantsDrawer";
import { useAdministered } from "./queries";
import type { ResourceRef } from "./records";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

export function RightsPage() {
  const t = useAdminWords();
  const words = useLibraryWords();
  const collections = useAdministered();
  const [resource, setResource] = useState<ResourceRef | null>(null);
  return (
    <>
      <p className={styles.hint}>{t("rightsHint")}</p>
      <Loaded
        query={collections}
        isEmpty={({ collections: all }) => all.length === 0}
        empty={<State title={words("noCollections")} hint={words("noCollectionsHint")} />}
      >
        {({ collections: all }) => (
          <ul className={styles.plain}>
            {all.map(({ id, name, kind, department, owner }) => (
                <li key={id} className={styles.card}>
                  <h3>
                    <span>{name}</span>
                    <Button size="small" onClick={() => setResource({ kind: "collection", id, name })}>
                      {t("edit")}
                    </Button>
                  </h3>
                  <p>{[words(kind), department?.name, owner ? words("ownerIs", { name: owner.name }) : ""].filter(Boolean).join(" · ")}</p>
                </li>
            ))}
          </ul>
        )}
      </Loaded>
      {resource ? <GrantsDrawer open resource={resource} onClose={() => setResource(null)} /> : null}
    </>
  );
}
