/** The library: collections at the left, the documents of the chosen one at the right. */
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { usePerson } from "@/api/session";
import { LinkButton } from "@/blocks/LinkButton";
import { Page } from "@/blocks/Page";
import { Loaded, State } from "@/blocks/States";
import { CollectionDocuments } from "./CollectionDocuments";
import { CollectionTree } from "./CollectionTree";
import { NewCollection } from "./NewCollection";
import { useCollections } from "./queries";
import type { Collection, CollectionKind } from "./records";
import { whenRead } from "./uploads";
import { useLibraryWords } from "./words";
import styles from "./library.module.css";

function kindsFor(roles: string[]): CollectionKind[] {
  const all: CollectionKind[] = ["enterprise", "department", "personal"];
  return roles.includes("content_admin") || roles.includes("operator") ? all : ["personal"];
}

function Chosen({ collections }: { collections: Collection[] }) {
  const [asked, setAsked] = useSearchParams();
  const chosen = collections.find(({ id }) => id === asked.get("collection")) ?? collections[0];
  if (!chosen) return null;
  return (
    <div className={styles.library}>
      <CollectionTree collections={collections} chosen={chosen.id} onChoose={(id) => setAsked({ collection: id })} />
      <CollectionDocuments key={chosen.id} collection={chosen} />
    </div>
  );
}

export function LibraryPage() {
  const t = useLibraryWords();
  const collections = useCollections();
  const client = useQueryClient();
  const { roles } = usePerson();
  const [, setAsked] = useSearchParams();
  const [making, setMaking] = useState(false);
  useEffect(() => whenRead(() => void client.invalidateQueries({ queryKey: ["knowledge"] })), [client]);
  const make = (
    <Button type="primary" onClick={() => setMaking(true)}>
      {t("newCollection")}
    </Button>
  );
  const actions = (
    <>
      <LinkButton to="/knowledge/faq">{t("faq")}</LinkButton>
      <Button onClick={() => setMaking(true)}>{t("newCollection")}</Button>
    </>
  );
  return (
    <Page title={t("title")} actions={actions}>
      <Loaded
        query={collections}
        rows={8}
        isEmpty={(all) => all.length === 0}
        empty={<State title={t("noCollections")} hint={t("noCollectionsHint")} action={make} />}
      >
        {(all) => <Chosen collections={all} />}
      </Loaded>
      <NewCollection
        open={making}
        kinds={kindsFor(roles)}
        onClose={(created) => {
          setMaking(false);
          if (created) setAsked({ collection: created.id });
        }}
      />
    </Page>
  );
}
