/** Where a question is written: by which day's rules, in which collections, with which files. Keeps what is half-written. */
import { ArrowUpOutlined, PaperClipOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useRef, useState, type DragEvent, type KeyboardEvent } from "react";
import { GrowingText } from "@/blocks/GrowingText";
import { readDraft, writeDraft } from "./drafts";
import { FileChips } from "./FileChips";
import { Scope } from "./Scope";
import styles from "./box.module.css";
import { useChatWords } from "./words";

export interface Asked {
  question: string;
  as_of?: string;
  collection_ids?: string[];
  files: File[];
}

interface QuestionBoxProps {
  /** Under which what is half-written is kept. */
  draftKey: string;
  /** False when the question did not get away: then it stays in the box. */
  onAsk: (asked: Asked) => Promise<boolean>;
  /** Set while an answer is on its way. */
  onStop?: () => void;
  large?: boolean;
  autoFocus?: boolean;
  placeholder?: string;
}

const FILES_MAX = 5;
const FILE_MB_MAX = 20;
const QUESTION_CHARS_MAX = 500;

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes("Files");
}

/** The files of a question, within their limits. */
function useFiles() {
  const t = useChatWords();
  const { message } = App.useApp();
  const [files, setFiles] = useState<File[]>([]);
  const add = (list: FileList | null) => {
    const given = [...(list ?? [])];
    const small = given.filter((file) => file.size <= FILE_MB_MAX * 1024 * 1024);
    for (const file of given.filter((one) => !small.includes(one))) {
      void message.warning(t("fileTooLarge", { name: file.name, mb: FILE_MB_MAX }));
    }
    const all = [...files, ...small];
    if (all.length > FILES_MAX) void message.warning(t("tooManyFiles", { n: FILES_MAX }));
    setFiles(all.slice(0, FILES_MAX));
  };
  return { files, add, remove: (file: File) => setFiles(files.filter((one) => one !== file)), clear: () => setFiles([]) };
}

export function QuestionBox({ draftKey, onAsk, onStop, large, autoFocus, placeholder }: QuestionBoxProps) {
  const t = useChatWords();
  const [draft, setDraft] = useState(() => readDraft(draftKey));
  const { files, add, remove, clear } = useFiles();
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const change = (next: Partial<typeof draft>) => {
    const changed = { ...draft, ...next };
    setDraft(changed);
    writeDraft(draftKey, changed);
  };
  const question = draft.text.trim();
  const submit = async () => {
    if (!question || onStop) return;
    const away = await onAsk({
      question,
      as_of: draft.asOf || undefined,
      collection_ids: draft.collections.length ? draft.collections : undefined,
      files,
    });
    if (!away) return;
    change({ text: "" });
    clear();
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void submit();
  };
  const drop = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };
  return (
    <div
      className={`${styles.box} ${large ? styles.large : ""} ${over ? styles.over : ""}`}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <GrowingText
        bare
        label={t("ask")}
        name="question"
        value={draft.text}
        onChange={(text) => change({ text })}
        onKeyDown={press}
        rows={large ? 2 : 1}
        maxLength={QUESTION_CHARS_MAX}
        placeholder={over ? t("dropHere") : (placeholder ?? t("placeholder"))}
        autoFocus={autoFocus}
      />
      <FileChips files={files} onRemove={remove} />
      <div className={styles.tools}>
        <Scope
          asOf={draft.asOf}
          collections={draft.collections}
          onAsOf={(asOf) => change({ asOf })}
          onCollections={(collections) => change({ collections })}
        />
        <Button
          type="text"
          size="small"
          icon={<PaperClipOutlined />}
          title={t("attachHint")}
          aria-label={t("attach")}
          onClick={() => picker.current?.click()}
        />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            add(event.target.files);
            event.target.value = "";
          }}
        />
        <span className={styles.grow} />
        {onStop ? (
          <Button onClick={onStop}>{t("stop")}</Button>
        ) : (
          <Button type="primary" icon={<ArrowUpOutlined />} disabled={!question} onClick={() => void submit()}>
            {t("ask")}
          </Button>
        )}
      </div>
    </div>
  );
}
