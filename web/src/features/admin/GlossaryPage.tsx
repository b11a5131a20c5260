/** Words that people use and the documents' own words for them. */
import { App, Button, Input, Space, Table } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { Loaded, State } from "@/blocks/States";
import { useAdminChange, useGlossary } from "./queries";
import type { Synonym } from "./records";
import { useSystemWords } from "./systemWords";
import styles from "./admin.module.css";

const ROWS = 50;

function Add() {
  const t = useSystemWords();
  const { message } = App.useApp();
  const [term, setTerm] = useState("");
  const [standard, setStandard] = useState("");
  const add = useAdminChange((given: { term: string; standard: string }) => api.post("/knowledge/glossary", given));
  const save = () => {
    if (!term.trim() || !standard.trim()) return void message.warning(t("addTermNeeded"));
    add.mutate(
      { term: term.trim(), standard: standard.trim() },
      {
        onSuccess: () => {
          void message.success(t("added"));
          setTerm("");
          setStandard("");
        },
        onError: (error) => void message.error(messageOf(error)),
      },
    );
  };
  return (
    <Space.Compact style={{ maxWidth: 560, width: "100%" }}>
      <Input aria-label={t("term")} placeholder={t("term")} maxLength={200} value={term} onChange={(event) => setTerm(event.target.value)} />
      <Input
        aria-label={t("standard")}
        placeholder={t("standard")}
        maxLength={200}
        value={standard}
        onChange={(event) => setStandard(event.target.value)}
        onPressEnter={save}
      />
      <Button type="primary" loading={add.isPending} onClick={save}>
        {t("addTerm")}
      </Button>
    </Space.Compact>
  );
}

function Terms({ terms }: { terms: Synonym[] }) {
  const t = useSystemWords();
  const { message } = App.useApp();
  const [words, setWords] = useState("");
  const remove = useAdminChange(({ term, standard }: Synonym) => api.remove("/knowledge/glossary", { term, standard }));
  const found = terms.filter(({ term, standard }) => `${term} ${standard}`.includes(words.trim()));
  const drop = (synonym: Synonym) =>
    remove.mutate(synonym, {
      onSuccess: () => void message.success(t("removed")),
      onError: (error) => void message.error(messageOf(error)),
    });
  return (
    <>
      <div className={styles.tools}>
        <Input.Search allowClear aria-label={t("search")} placeholder={t("search")} value={words} onChange={(event) => setWords(event.target.value)} />
        <Add />
      </div>
      {found.length === 0 ? (
        <State title={t("noTerms")} />
      ) : (
        <Table<Synonym>
          rowKey={({ term, standard }) => `${term}\n${standard}`}
          size="small"
          dataSource={found}
          pagination={found.length > ROWS ? { pageSize: ROWS, showSizeChanger: false } : false}
          scroll={{ x: 480 }}
          columns={[
            { title: t("term"), dataIndex: "term" },
            { title: t("standard"), dataIndex: "standard" },
            { title: t("source"), width: 140, render: (_, { source }) => t(source) },
            {
              title: <span className="visually-hidden">{t("remove")}</span>,
              width: 80,
              render: (_, synonym) => (
                <Button type="link" size="small" danger onClick={() => drop(synonym)}>
                  {t("remove")}
                </Button>
              ),
            },
          ]}
        />
      )}
    </>
  );
}

export function GlossaryPage() {
  const t = useSystemWords();
  const glossary = useGlossary();
  return (
    <>
      <p className={styles.hint}>{t("glossaryHint")}</p>
      <Loaded query={glossary}>{({ items }) => <Terms terms={items} />}</Loaded>
    </>
  );
}
