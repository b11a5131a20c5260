/** A past answer built again from what was known then, beside what was said then. */
import { Button, Input } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { api } from "@/api/client";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark } from "@/blocks/Mark";
import { Loaded } from "@/blocks/States";
import type { Replay } from "./records";
import { useAuditWords } from "./words";
import styles from "./audit.module.css";

function Shown({ replay }: { replay: Replay }) {
  const t = useAuditWords();
  return (
    <>
      <p>
        {replay.same ? (
          <Mark tone="verified">{t("same")}</Mark>
        ) : (
          <Mark tone="needs">{t("differs", { n: replay.differences.length })}</Mark>
        )}{" "}
        <LocalTime at={replay.asked_at} /> · {t("asOf")} {replay.as_of}
        {replay.versions_hidden ? ` · ${t("hidden", { n: replay.versions_hidden })}` : ""}
      </p>
      <p>
        <strong>{t("asked")}</strong> {replay.question}
      </p>
      <div className={styles.sides}>
        <div>
          <h3>{t("then")}</h3>
          <div className={styles.answer}>{replay.then.answer || replay.then.status}</div>
        </div>
        <div>
          <h3>{t("now")}</h3>
          <div className={styles.answer}>{replay.now.answer || replay.now.status}</div>
        </div>
      </div>
      {replay.differences.map(({ what, then, now }, index) => (
        <div key={index} className={styles.card} style={{ marginTop: 12 }}>
          <strong>{what}</strong>
          <div className={styles.sides}>
            <p>{then}</p>
            <p>{now}</p>
          </div>
        </div>
      ))}
    </>
  );
}

export function ReplayPart() {
  const t = useAuditWords();
  const [asked, setAsked] = useSearchParams();
  const runId = asked.get("run") ?? "";
  const [typed, setTyped] = useState(runId);
  const replay = useQuery({
    queryKey: ["audit", "replay", runId],
    queryFn: () => api.get<Replay>(`/audit/replay/${encodeURIComponent(runId)}`),
    enabled: runId !== "",
    staleTime: Infinity,
  });
  const go = () => setAsked({ part: "replay", run: typed.trim() });
  return (
    <>
      <div className={styles.tools}>
        <label style={{ flexBasis: 320, maxWidth: 420 }}>
          {t("runId")}
          <Input value={typed} placeholder={t("runIdHint")} onChange={(event) => setTyped(event.target.value)} onPressEnter={go} />
        </label>
        <Button type="primary" disabled={!typed.trim()} onClick={go}>
          {t("run")}
        </Button>
      </div>
      {runId ? (
        <Loaded query={replay} rows={6}>
          {(shown) => <Shown replay={shown} />}
        </Loaded>
      ) : null}
    </>
  );
}
