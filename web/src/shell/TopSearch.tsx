/** The search at the top, by ⌘K or Ctrl K: documents, clauses, people, conversations, pages; or the words as a question. */
import { SearchOutlined } from "@ant-design/icons";
import { Button, Input, Modal, type InputRef } from "antd";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";
import { Failure } from "@/blocks/States";
import { useBegin } from "@/features/chat/begin";
import { useFound, type Group, type Row } from "./finding";
import type { PortalPage } from "./pages";
import styles from "./TopSearch.module.css";
import { useTrayWords } from "./trayWords";
import { useShellWords } from "./words";

const GROUPS: Group[] = ["pages", "documents", "clauses", "people", "conversations", "ask"];

function useRows(words: string, pages: PortalPage[]) {
  const t = useTrayWords();
  const shell = useShellWords();
  const { rows, settled, error } = useFound(words);
  const q = words.trim().toLowerCase();
  const own: Row[] = pages
    .map(({ id, path }) => ({ group: "pages" as const, key: id, title: shell(id), to: path }))
    .filter(({ title, key }) => !q || title.toLowerCase().includes(q) || key.includes(q));
  const question: Row[] = q ? [{ group: "ask", key: "ask", title: t("searchAsk", { words: words.trim() }) }] : [];
  const all = [...own, ...rows, ...question];
  return { rows: GROUPS.flatMap((group) => all.filter((row) => row.group === group)), settled, error };
}

function Results({ rows, chosen, id, onOpen }: { rows: Row[]; chosen: number; id: string; onOpen: (row: Row) => void }) {
  const t = useTrayWords();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <div className={styles.results} role="listbox" id={id} aria-label={t("search")} ref={list}>
      {rows.map((row, index) => {
        const first = row.group !== rows[index - 1]?.group && row.group !== "ask";
        return (
          <div key={`${row.group}-${row.key}`}>
            {first ? (
              <div className={styles.group} aria-hidden="true">
                {t(row.group as Exclude<Group, "ask">)}
              </div>
            ) : null}
            <div
              role="option"
              id={`${id}-${index}`}
              aria-selected={index === chosen}
              className={styles.row}
              onClick={() => onOpen(row)}
            >
              <span>{row.title}</span>
              {row.note ? <span className={styles.note}>{row.note}</span> : null}
            </div>
          </div>
        );
      })}
    </div>
  );
}

function Dialog({ pages, onClose }: { pages: PortalPage[]; onClose: () => void }) {
  const t = useTrayWords();
  const go = useNavigate();
  const { begin } = useBegin();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState(0);
  const input = useRef<InputRef>(null);
  const id = useId();
  const { rows, settled, error } = useRows(words, pages);
  const open = (row: Row) => {
    if (row.group === "ask") void begin({ question: words.trim(), files: [] });
    else if (row.to) void go(row.to);
    else return;
    onClose();
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const row = rows[chosen];
    if (step) {
      event.preventDefault();
      setChosen((chosen + step + rows.length) % Math.max(rows.length, 1));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing && row) open(row);
  };
  const nothing = settled && words.trim() && rows.every(({ group }) => group === "ask");
  return (
    <Modal
      open
      footer={null}
      closable={false}
      onCancel={onClose}
      width={640}
      title={<span className="visually-hidden">{t("search")}</span>}
      afterOpenChange={(shown) => shown && input.current?.focus()}
      styles={{ header: { margin: 0 } }}
    >
      <Input
        ref={input}
        size="large"
        variant="borderless"
        prefix={<SearchOutlined />}
        placeholder={t("searchHint")}
        role="combobox"
        aria-label={t("searchHint")}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={rows.length ? `${id}-${chosen}` : undefined}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setChosen(0);
        }}
        onKeyDown={press}
      />
      {error ? <Failure error={error} /> : null}
      {nothing ? <p className={styles.note}>{t("searchNothing", { words: words.trim() })}</p> : null}
      <Results rows={rows} chosen={chosen} id={id} onOpen={open} />
      <p className={styles.keys}>{t("keys")}</p>
    </Modal>
  );
}

export function TopSearch({ pages }: { pages: PortalPage[] }) {
  const t = useTrayWords();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen(true);
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <Button className={styles.open} icon={<SearchOutlined />} onClick={() => setOpen(true)} aria-haspopup="dialog">
        <span className={styles.word}>{t("search")}</span>
        <kbd aria-hidden="true">{navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"}</kbd>
      </Button>
      {open ? <Dialog pages={pages} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
