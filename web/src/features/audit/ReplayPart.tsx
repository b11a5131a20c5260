/** A past answer built again from what was known then, beside what was said then; and the latest answers to choose from. */
import { Button, Input } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { api } from "@/api/client";
import { LocalTime } from "@/blocks/LocalTime";
import { Failure, Loaded, Loading } from "@/blocks/States";
import { useActionWords } from "./actions";
import { NOTHING_WANTED, useEntries, type Entry, type Replay } from "./records";
import { Replayed } from "./Replayed";
import { useReplayWords } from "./replayWords";
import styles from "./audit.module.css";

const ANSWERS = "knowledge.answered";
const SHOWN = 20;

function Latest({ onChoose }: { onChoose: (runId: string) => void }) {
  const t = useReplayWords();
  const actionWord = useActionWords();
  const entries = useEntries({ ...NOTHING_WANTED, action: ANSWERS });
  if (entries.isError) return <Failure error={entries.error} retry={() => void entries.refetch()} />;
  if (!entries.data) return <Loading rows={6} />;
  const rows: Entry[] = entries.data.pages[0]?.items.slice(0, SHOWN) ?? [];
  return (
    <section>
      <h2 className={styles.part}>{t("latest")}</h2>
      {rows.length === 0 ? <p className={styles.hint}>{t("noAnswers")}</p> : null}
      <ul className={styles.plain}>
        {rows.map((one) => (
          <li key={one.seq} className={styles.latest}>
            <Button type="link" size="small" onClick={() => onChoose(one.subject)}>
              {one.subject}
            </Button>
            <span className={styles.dim}>
              {actionWord(one.action)} · {one.actor_name || one.actor} · <LocalTime at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ReplayPart() {
  const t = useReplayWords();
  const [asked, setAsked] = useSearchParams();
  const runId = asked.get("run") ?? "";
  const [typed, setTyped] = useState(runId);
  const replay = useQuery({
    queryKey: ["audit", "replay", runId],
    queryFn: () => api.get<Replay>(`/audit/replay/${encodeURIComponent(runId)}`),
    enabled: runId !== "",
    staleTime: Infinity,
  });
  const go = (run: string) => {
    setTyped(run);
    setAsked(run ? { part: "replay", run } : { part: "replay" });
  };
  return (
    <>
      <p className={styles.hint}>{t("hint")}</p>
      <div className={styles.tools}>
        <label style={{ flexBasis: 320, maxWidth: 420 }}>
          {t("runId")}
          <Input allowClear value={typed} placeholder={t("runIdHint")} onChange={(event) => setTyped(event.target.value)} onPressEnter={() => go(typed.trim())} />
        </label>
        <Button type="primary" disabled={!typed.trim()} loading={replay.isFetching} onClick={() => go(typed.trim())}>
          {t("run")}
        </Button>
        {runId ? <Button onClick={() => go("")}>{t("others")}</Button> : null}
      </div>
      {runId ? (
        <Loaded query={replay} rows={6}>
          {(shown) => <Replayed replay={shown} />}
        </Loaded>
      ) : (
        <Latest onChoose={go} />
      )}
    </>
  );
}
