/** One collection: what it holds, a filtered page of its documents, and the upload. */
import { Button, Input, Select } from "antd";
import { useDeferredValue, useState } from "react";
import { Failure, Loading, State } from "@/blocks/States";
import { GrantsDrawer } from "@/features/admin/GrantsDrawer";
import { DocumentTable } from "./DocumentTable";
import { useDocuments } from "./queries";
import type { Collection, Status } from "./records";
import { UploadDrawer } from "./UploadDrawer";
import { useLibraryWords } from "./words";
import styles from "./library.module.css";

const ROWS = 50;
const STATUSES: Status[] = ["published", "in_review", "draft", "superseded", "archived"];

function Facts({ collection }: { collection: Collection }) {
  const t = useLibraryWords();
  const pending = collection.clauses - collection.vectors;
  return (
    <p className={styles.facts}>
      <span>{t("documents_n", { n: collection.documents.toLocaleString() })}</span>
      <span>{t("clauses_n", { n: collection.clauses.toLocaleString() })}</span>
      {pending > 0 ? <span className={styles.late}>{t("vectorsPending", { n: pending.toLocaleString() })}</span> : null}
      {collection.department ? <span>{collection.department.name}</span> : null}
      {collection.owner ? <span>{t("ownerIs", { name: collection.owner.name })}</span> : null}
    </p>
  );
}

interface Found {
  collection: Collection;
  q: string;
  status: Status | "";
  onUpload: () => void;
  onClear: () => void;
}

function Documents({ collection, q, status, onUpload, onClear }: Found) {
  const t = useLibraryWords();
  const [places, setPlaces] = useState<string[]>([]);
  const page = useDocuments({ collectionId: collection.id, q, status, after: places.at(-1), limit: ROWS });
  if (!page.data) return page.isError ? <Failure error={page.error} retry={() => void page.refetch()} /> : <Loading rows={10} />;
  const { items, next, total } = page.data;
  if (items.length === 0 && !q && !status) {
    const mayUpload = collection.may.includes("ingest");
    const act = mayUpload ? <Button type="primary" onClick={onUpload}>{t("upload")}</Button> : null;
    return <State title={t("emptyTitle")} hint={mayUpload ? t("emptyHint") : t("emptyReader")} action={act} />;
  }
  if (items.length === 0) {
    return <State title={t("noMatch")} hint={t("noMatchHint")} action={<Button onClick={onClear}>{t("clear")}</Button>} />;
  }
  return (
    <>
      <DocumentTable rows={items} loading={page.isPlaceholderData} />
      {next || places.length ? (
        <div className={styles.pager}>
          {total === undefined ? null : <span>{t("total_n", { n: total.toLocaleString() })}</span>}
          <span>{t("page_n", { n: places.length + 1 })}</span>
          <Button disabled={places.length === 0} onClick={() => setPlaces(places.slice(0, -1))}>
            {t("previous")}
          </Button>
          <Button disabled={!next || page.isPlaceholderData} onClick={() => next && setPlaces([...places, next])}>
            {t("next")}
          </Button>
        </div>
      ) : null}
    </>
  );
}

export function CollectionDocuments({ collection }: { collection: Collection }) {
  const t = useLibraryWords();
  const [words, setWords] = useState("");
  const [status, setStatus] = useState<Status | "">("");
  const [uploading, setUploading] = useState(false);
  const [granting, setGranting] = useState(false);
  const q = useDeferredValue(words.trim());
  const clear = () => {
    setWords("");
    setStatus("");
  };
  return (
    <section aria-label={collection.name}>
      <div className={styles.head}>
        <div>
          <h2>{collection.name}</h2>
          <Facts collection={collection} />
        </div>
        <div style={{ display: "flex", gap: 8 }}>
          {collection.may.includes("manage") && collection.kind !== "personal" ? (
            <Button onClick={() => setGranting(true)}>{t("rights")}</Button>
          ) : null}
          {collection.may.includes("ingest") ? (
            <Button type="primary" onClick={() => setUploading(true)}>
              {t("upload")}
            </Button>
          ) : null}
        </div>
      </div>
      <div className={styles.tools}>
        <Input.Search
          allowClear
          value={words}
          placeholder={t("search")}
          aria-label={t("search")}
          onChange={(event) => setWords(event.target.value)}
        />
        <Select
          value={status}
          aria-label={t("status")}
          onChange={setStatus}
          style={{ minWidth: 152 }}
          options={[{ value: "" as const, label: t("anyStatus") }, ...STATUSES.map((one) => ({ value: one, label: t(one) }))]}
        />
      </div>
      <Documents
        key={`${q}/${status}`}
        collection={collection}
        q={q}
        status={status}
        onUpload={() => setUploading(true)}
        onClear={clear}
      />
      <UploadDrawer collection={collection} open={uploading} onClose={() => setUploading(false)} />
      <GrantsDrawer
        open={granting}
        resource={{ kind: "collection", id: collection.id, name: collection.name }}
        onClose={() => setGranting(false)}
      />
    </section>
  );
}
