/** The questions answered from one document. */
import { Button } from "antd";
import { useState } from "react";
import { State } from "@/blocks/States";
import { FaqEditor } from "./FaqEditor";
import { FaqList } from "./FaqList";
import { useFaqWords } from "./faqWords";
import type { DocumentCard } from "./records";

export function FaqPanel({ card }: { card: DocumentCard }) {
  const t = useFaqWords();
  const [adding, setAdding] = useState(false);
  const mayChange = card.may.some((one) => one === "ingest" || one === "publish" || one === "manage");
  const add = mayChange ? <Button onClick={() => setAdding(true)}>{t("add")}</Button> : null;
  return (
    <>
      {card.faq.length ? (
        <>
          <div style={{ marginBottom: 12 }}>{add}</div>
          <FaqList items={card.faq} mayChange={mayChange} />
        </>
      ) : (
        <State title={t("noneHere")} action={add} />
      )}
      {adding ? <FaqEditor faq={null} collectionId={card.collection.id} onClose={() => setAdding(false)} /> : null}
    </>
  );
}
