/** Rights on collections: choose one, then see and change who may do what. */
import { Button } from "antd";
import { useState } from "react";
import { Loaded, State } from "@/blocks/States";
import { useCollections } from "@/features/knowledge/queries";
import { useLibraryWords } from "@/features/knowledge/words";
import { GrantsDrawer } from "./GrantsDrawer";
import type { ResourceRef } from "./records";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

export function RightsPage() {
  const t = useAdminWords();
  const words = useLibraryWords();
  const collections = useCollections();
  const [resource, setResource] = useState<ResourceRef | null>(null);
  return (
    <>
      <p className={styles.hint}>{t("rightsHint")}</p>
      <Loaded
        query={collections}
        isEmpty={(all) => all.every(({ kind }) => kind === "personal")}
        empty={<State title={words("noCollections")} hint={words("noCollectionsHint")} />}
      >
        {(all) => (
          <ul className={styles.plain}>
            {all
              .filter(({ kind }) => kind !== "personal")
              .map(({ id, name, kind, department, owner, may }) => (
                <li key={id} className={styles.card}>
                  <h3>
                    <span>{name}</span>
                    {may.includes("manage") ? (
                      <Button size="small" onClick={() => setResource({ kind: "collection", id, name })}>
                        {t("edit")}
                      </Button>
                    ) : null}
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
