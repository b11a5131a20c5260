/** One prompt to one or two models at once, side by side as they write. */
import { App, Button, Input, Select } from "antd";
import { useRef, useState } from "react";
import { messageOf } from "@/api/client";
import { stream } from "@/api/stream";
import { LinkButton } from "@/blocks/LinkButton";
import { Mark } from "@/blocks/Mark";
import { Failure, State } from "@/blocks/States";
import { useModels } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

interface Done {
  answered_by: string;
  input_tokens: number;
  output_tokens: number;
  cost: string;
  currency: string;
  first_ms: number;
  latency_ms: number;
}

interface Column {
  model: string;
  text: string;
  done: Done | null;
  error: string;
}

type Told = { place: number; text?: string; message?: string } & Partial<Done>;

/** The columns after one more event. */
export function heard(columns: Column[], event: string, told: Told): Column[] {
  return columns.map((column, place) => {
    if (place !== told.place) return column;
    if (event === "piece") return { ...column, text: column.text + (told.text ?? "") };
    if (event === "error") return { ...column, error: told.message ?? "" };
    return event === "done" ? { ...column, done: told as Done } : column;
  });
}

function Answer({ column }: { column: Column }) {
  const t = useModelWords();
  const { model, text, done, error } = column;
  return (
    <section className={styles.answer} aria-label={model} aria-live="polite">
      <h2>{done?.answered_by ?? model}</h2>
      <pre>{text}</pre>
      {error ? <p role="alert" style={{ color: "var(--cinnabar)" }}>{error}</p> : null}
      {done ? (
        <p className={styles.dim}>
          <Mark tone="needs">{t("aiLabel")}</Mark>{" "}
          {t("done", {
            first: Math.round(done.first_ms),
            all: Math.round(done.latency_ms),
            in: done.input_tokens,
            out: done.output_tokens,
            cost: `${done.cost} ${done.currency}`,
          })}
        </p>
      ) : null}
    </section>
  );
}

export function Playground() {
  const t = useModelWords();
  const { message } = App.useApp();
  const known = useModels();
  const models = (known.data?.items ?? []).filter(({ capabilities }) => capabilities.includes("chat"));
  const [first, setFirst] = useState<string>();
  const [second, setSecond] = useState<string>();
  const [system, setSystem] = useState("");
  const [prompt, setPrompt] = useState("");
  const [columns, setColumns] = useState<Column[]>([]);
  const running = useRef<AbortController>(null);
  const [isRunning, setRunning] = useState(false);
  const run = async () => {
    const names = [first ?? models[0]?.name, second].filter((name) => name !== undefined);
    if (!prompt.trim() || names.length === 0) return void message.warning(t("promptNeeded"));
    setColumns(names.map((model) => ({ model, text: "", done: null, error: "" })));
    const stop = new AbortController();
    running.current = stop;
    setRunning(true);
    try {
      for await (const { event, data } of stream("/playground", { models: names, prompt, system }, stop.signal, false)) {
        setColumns((before) => heard(before, event, data as Told));
      }
    } catch (error) {
      if (!stop.signal.aborted) void message.error(messageOf(error), 8);
    } finally {
      setRunning(false);
    }
  };
  if (known.isError) return <Failure error={known.error} retry={() => void known.refetch()} />;
  if (known.data && models.length === 0) return <State title={t("noChat")} hint={t("noneHint")} action={<LinkButton type="primary" to="/models?part=matrix">{t("toModels")}</LinkButton>} />;
  const options = models.map(({ name }) => ({ value: name, label: name }));
  return (
    <>
      <div className={styles.tools}>
        <Select aria-label={t("first")} placeholder={t("first")} style={{ minWidth: 200 }} value={first ?? models[0]?.name} options={options} onChange={setFirst} />
        <Select aria-label={t("second")} placeholder={t("second")} style={{ minWidth: 200 }} allowClear value={second} options={options} onChange={setSecond} />
      </div>
      <Input aria-label={t("system")} placeholder={t("system")} value={system} onChange={(event) => setSystem(event.target.value)} style={{ marginBottom: 8 }} />
      <Input.TextArea aria-label={t("prompt")} placeholder={t("prompt")} rows={4} maxLength={20000} value={prompt} onChange={(event) => setPrompt(event.target.value)} />
      <div className={styles.tools} style={{ marginTop: 8 }}>
        <Button type="primary" loading={isRunning} onClick={() => void run()}>
          {t("run")}
        </Button>
        {isRunning ? <Button onClick={() => running.current?.abort()}>{t("stop")}</Button> : null}
      </div>
      <div className={styles.two}>
        {columns.map((column, place) => (
          <Answer key={place} column={column} />
        ))}
      </div>
    </>
  );
}
