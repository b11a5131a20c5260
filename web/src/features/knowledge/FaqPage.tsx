/** All questions that people answered. */
import { Button, Input, Select } from "antd";
import { useDeferredValue, useState } from "react";
import { Page } from "@/blocks/Page";
import { Loaded, State } from "@/blocks/States";
import { FaqEditor } from "./FaqEditor";
import { FaqList } from "./FaqList";
import { useFaqWords } from "./faqWords";
import { useCollections, useFaqs } from "./queries";
import styles from "./library.module.css";

export function FaqPage() {
  const t = useFaqWords();
  const [words, setWords] = useState("");
  const [collection, setCollection] = useState("");
  const [adding, setAdding] = useState(false);
  const q = useDeferredValue(words.trim());
  const collections = useCollections().data ?? [];
  const changeable = collections.filter(({ may }) => may.some((one) => one === "ingest" || one === "publish" || one === "manage"));
  const faqs = useFaqs({ collection_id: collection, q });
  const target = changeable.find(({ id }) => id === collection) ?? changeable[0];
  const add = target ? (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  ) : null;
  const options = [{ value: "", label: t("all") }, ...collections.map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <Page title={t("title")} description={t("description")} actions={add} width="reading">
      <div className={styles.tools}>
        <Input.Search
          allowClear
          placeholder={t("search")}
          aria-label={t("search")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Select aria-label={t("collection")} value={collection} onChange={setCollection} options={options} style={{ minWidth: 160 }} />
      </div>
      <Loaded
        query={faqs}
        isEmpty={({ items }) => items.length === 0}
        empty={q || collection ? <State title={t("noMatch")} /> : <State title={t("none")} hint={t("noneHint")} action={add} />}
      >
        {({ items }) => <FaqList items={items} mayChange={changeable.length > 0} />}
      </Loaded>
      {adding && target ? <FaqEditor faq={null} collectionId={target.id} onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}
