/** Long work with real progress; it goes on when the page is left. */
import { LoadingOutlined, ProfileOutlined } from "@ant-design/icons";
import { App, Badge, Button, Popover, Progress } from "antd";
import { useState } from "react";
import { messageOf } from "@/api/client";
import { isRunning, secondsLeft, useCancelJob, useJobs, type Job } from "@/api/jobs";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark, type Tone } from "@/blocks/Mark";
import styles from "./JobTray.module.css";
import { useTrayWords } from "./trayWords";

const SHOWN = 8;
const MINUTE_S = 60;
const KINDS = ["ingest", "vectorise", "publish", "batch", "pull"] as const;
const TONES: Record<Job["status"], Tone> = {
  queued: "plain",
  running: "ink",
  done: "plain",
  failed: "danger",
  cancelled: "plain",
};

function useKindWord() {
  const t = useTrayWords();
  return (kind: string) => t(KINDS.find((known) => kind.includes(known)) ?? "other");
}

function Pace({ job }: { job: Job }) {
  const t = useTrayWords();
  const left = secondsLeft(job);
  const words = [
    job.total ? t("progress", { done: job.done, total: job.total }) : "",
    job.rate_per_s ? t("rate", { rate: job.rate_per_s }) : "",
    left === null
      ? ""
      : t("left", { left: left < MINUTE_S ? t("seconds", { n: left }) : t("minutes", { n: Math.ceil(left / MINUTE_S) }) }),
  ];
  return <span className={styles.quiet}>{words.filter(Boolean).join(" · ")}</span>;
}

function Row({ job }: { job: Job }) {
  const t = useTrayWords();
  const word = useKindWord();
  const { message } = App.useApp();
  const cancel = useCancelJob();
  const running = isRunning(job);
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <strong>{word(job.kind)}</strong>
        <Mark tone={TONES[job.status]}>{t(job.status === "running" ? "working" : job.status)}</Mark>
        <span className={styles.grow} />
        {running ? (
          <Button
            size="small"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(job.job_id, { onError: (error) => void message.error(messageOf(error)) })}
          >
            {t("cancel")}
          </Button>
        ) : (
          <span className={styles.quiet}>
            <LocalTime at={job.created_at} />
          </span>
        )}
      </div>
      {running && job.total ? (
        <Progress
          percent={Math.floor((100 * job.done) / job.total)}
          size="small"
          showInfo={false}
          aria-label={word(job.kind)}
        />
      ) : null}
      {running ? <Pace job={job} /> : null}
      {job.error || job.message ? <div className={styles.quiet}>{job.error ?? job.message}</div> : null}
    </li>
  );
}

export function JobTray() {
  const t = useTrayWords();
  const [open, setOpen] = useState(false);
  const jobs = useJobs().data ?? [];
  const running = jobs.filter(isRunning).length;
  const label = running ? `${t("jobs")}：${t("running", { n: running })}` : t("jobs");
  const content = jobs.length ? (
    <ul className={styles.rows}>
      {jobs.slice(0, SHOWN).map((job) => (
        <Row key={job.job_id} job={job} />
      ))}
    </ul>
  ) : (
    <p className={styles.quiet}>{t("none")}</p>
  );
  return (
    <Popover trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen} title={t("jobs")} content={content}>
      <Badge count={running} size="small" offset={[-6, 6]}>
        <Button
          type="text"
          aria-label={label}
          title={label}
          icon={running ? <LoadingOutlined /> : <ProfileOutlined />}
        />
      </Badge>
    </Popover>
  );
}
