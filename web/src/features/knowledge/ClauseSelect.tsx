/** A choice of clauses, found by their words. */
import { Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { api } from "@/api/client";
import { useFaqWords } from "./faqWords";
import { useCollections } from "./queries";

export interface ChosenClause {
  value: number;
  label: string;
}

interface Found {
  clause_id: number;
  document: string;
  article: string;
  text: string;
}

interface ClauseSelectProps {
  collectionId: string;
  value?: ChosenClause[];
  onChange?: (chosen: ChosenClause[]) => void;
}

const SHOWN = 10;
const TEXT_CHARS = 60;

export function ClauseSelect({ collectionId, value, onChange, ...rest }: ClauseSelectProps) {
  const t = useFaqWords();
  const [words, setWords] = useState("");
  const question = useDeferredValue(words.trim());
  const collections = useCollections();
  const collection = collections.data?.find(({ id }) => id === collectionId)?.name ?? "";
  const found = useQuery({
    queryKey: ["knowledge", "search", collection, question],
    queryFn: () => api.post<{ hits: Found[] }>("/search", { question, collection, limit: SHOWN }),
    enabled: question.length > 1 && collections.isSuccess,
    staleTime: 60_000,
  });
  const options = (found.data?.hits ?? []).map((hit) => ({
    value: hit.clause_id,
    label: [hit.document, hit.article].filter(Boolean).join(" › "),
    text: hit.text.slice(0, TEXT_CHARS),
  }));
  return (
    <Select
      {...rest}
      mode="multiple"
      labelInValue
      filterOption={false}
      placeholder={t("sourcesHint")}
      value={value}
      options={options}
      notFoundContent={question.length > 1 ? (found.isFetching ? t("finding") : t("nothing")) : null}
      onSearch={setWords}
      onChange={(chosen: ChosenClause[]) => onChange?.(chosen.map(({ value: id, label }) => ({ value: id, label })))}
      optionRender={(option) => (
        <>
          <div>{option.label}</div>
          <small style={{ color: "var(--text-faint)", whiteSpace: "normal" }}>{option.data.text}</small>
        </>
      )}
    />
  );
}
