/** By what the ledger is narrowed: words, who, what, on what, and when. */
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { DayInput } from "@/blocks/DayInput";
import { useActionChoices } from "./actions";
import { NOTHING_WANTED, type Wanted } from "./records";
import { useAuditWords } from "./words";
import styles from "./audit.module.css";

export function Search({ start, onFind }: { start: Wanted; onFind: (wanted: Wanted) => void }) {
  const t = useAuditWords();
  const choices = useActionChoices();
  const [wanted, setWanted] = useState<Wanted>(start);
  const day = (name: "since" | "until", label: string) => (
    <label>
      {label}
      <DayInput value={wanted[name]} onChange={(chosen) => setWanted({ ...wanted, [name]: chosen })} />
    </label>
  );
  const field = (name: keyof Wanted, label: string, hint?: string) => (
    <label>
      {label}
      <Input
        value={wanted[name]}
        placeholder={hint}
        onChange={(event) => setWanted({ ...wanted, [name]: event.target.value })}
        onPressEnter={() => onFind(wanted)}
      />
    </label>
  );
  const choose = (action = "") => {
    const next = { ...wanted, action };
    setWanted(next);
    onFind(next);
  };
  return (
    <div className={styles.tools}>
      {field("q", t("search"))}
      {field("actor", t("actor"), t("actorHint"))}
      <label>
        {t("action")}
        <Select allowClear showSearch={{ optionFilterProp: "label" }} placeholder={t("anyAction")} value={wanted.action || undefined} options={choices} onChange={choose} />
      </label>
      {field("subject", t("subject"), t("subjectHint"))}
      {day("since", t("since"))}
      {day("until", t("until"))}
      <Button type="primary" onClick={() => onFind(wanted)}>
        {t("find")}
      </Button>
      <Button onClick={() => onFind(NOTHING_WANTED)} disabled={JSON.stringify(wanted) === JSON.stringify(NOTHING_WANTED)}>
        {t("clear")}
      </Button>
    </div>
  );
}
