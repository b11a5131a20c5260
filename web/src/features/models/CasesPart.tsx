/** Sentences in which a model said something else than its clause, each beside the clause: for whoever judges models. */
import { Button, Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark } from "@/blocks/Mark";
import { Failure, Loading, State } from "@/blocks/States";
import { segmentsOf, spansOfQuote } from "@/features/knowledge/segments";
import { useCases, useModels, type ModelCase } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

const FAULTS = ["number", "date", "name", "negation", "modal"] as const;
type Fault = (typeof FAULTS)[number];

function Case({ one }: { one: ModelCase }) {
  const t = useModelWords();
  const nameOf = (kind: string) => (FAULTS.includes(kind as Fault) ? t(`fault_${kind as Fault}`) : kind);
  const spans = one.faults.flatMap(([, words]) => spansOfQuote(one.sentence, words));
  return (
    <li className={styles.card}>
      <p className={styles.dim}>
        {one.model} · <LocalTime at={one.at} /> · {t("caseRun", { run: one.run_id })}
      </p>
      {one.readable ? (
        <>
          <p>
            {one.faults.map(([kind, words]) => (
              <Mark key={`${kind}/${words}`} tone="danger">{`${nameOf(kind)}：${words}`}</Mark>
            ))}
          </p>
          <div className={styles.two}>
            <section className={styles.answer} aria-label={t("caseSaid")}>
              <h2>{t("caseSaid")}</h2>
              {segmentsOf(one.sentence, spans).map((piece, index) =>
                piece.marked ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
              )}
            </section>
            <section className={styles.answer} aria-label={t("caseClause")}>
              <h2>
                <Link to={`/knowledge/documents/${one.document_id}?tab=text&clause=${one.clause_id}`}>
                  {[one.document, one.article].filter(Boolean).join(" › ")}
                </Link>
              </h2>
              {one.clause}
            </section>
          </div>
        </>
      ) : (
        <p className={styles.hint}>{t("caseHidden")}</p>
      )}
    </li>
  );
}

export function CasesPart() {
  const t = useModelWords();
  const [model, setModel] = useState("");
  const models = useModels();
  const cases = useCases(model);
  const items = cases.data?.pages.flatMap((page) => page.items) ?? [];
  const chat = (models.data?.items ?? []).filter(({ capabilities }) => capabilities.includes("chat"));
  return (
    <>
      <p className={styles.hint}>{t("casesHint")}</p>
      <div className={styles.tools}>
        <Select
          aria-label={t("name")}
          value={model}
          style={{ minWidth: 200 }}
          onChange={setModel}
          options={[{ value: "", label: t("allModels") }, ...chat.map(({ name }) => ({ value: name, label: name }))]}
        />
      </div>
      {cases.isPending ? <Loading /> : null}
      {cases.isError ? <Failure error={cases.error} retry={() => void cases.refetch()} /> : null}
      {cases.data && items.length === 0 ? <State title={t("noCases")} hint={t("noCasesHint")} /> : null}
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {items.map((one) => (
          <Case key={one.id} one={one} />
        ))}
      </ul>
      {cases.hasNextPage ? (
        <Button loading={cases.isFetchingNextPage} onClick={() => void cases.fetchNextPage()}>
          {t("moreCases")}
        </Button>
      ) : null}
    </>
  );
}
