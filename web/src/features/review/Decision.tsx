/** The decision on one version: what the submitter said, who is concerned, the comment, and the buttons. */
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { usePerson } from "@/api/session";
import { DayInput } from "@/blocks/DayInput";
import { useKeys } from "@/blocks/keys";
import { ImpactPanel } from "@/features/knowledge/ImpactPanel";
import { useDraft } from "./drafts";
import type { WaitingVersion } from "./records";
import type { Verdict } from "./deciding";
import { useReviewWords } from "./words";
import styles from "./review.module.css";

/** The next version takes the place of the one decided on; a double click must not decide on it, too. */
const STILL_MS = 600;

function useReady(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), STILL_MS);
    return () => clearTimeout(timer);
  }, []);
  return ready;
}

interface DecisionProps {
  item: WaitingVersion;
  onDecide: (verdict: Verdict) => void;
}

function Standing({ item }: { item: WaitingVersion }) {
  const t = useReviewWords();
  const { id } = usePerson();
  const decides = item.steps.some((step) => step !== "withdraw");
  if (item.version.status === "approved") {
    return <p className={styles.words}>{t("alreadyApproved", { name: item.decided_by?.name ?? "" })}</p>;
  }
  if (decides) return null;
  const own = item.submitted_by?.id === id || item.version.created_by?.id === id;
  return <p className={styles.words}>{own ? t("own") : t("cannot")}</p>;
}

export function Decision({ item, onDecide }: DecisionProps) {
  const t = useReviewWords();
  const [comment, setComment] = useDraft(item.version.version_id);
  const [day, setDay] = useState("");
  const [complaint, setComplaint] = useState("");
  const can = new Set(item.steps);
  const ready = useReady();
  const decide = (verdict: Omit<Verdict, "comment">) => {
    if (!ready) return;
    if (verdict.step === "return" && !comment.trim()) return setComplaint(t("commentNeeded"));
    setComplaint("");
    onDecide({ ...verdict, comment: comment.trim() });
  };
  const approvePublish = () => can.has("approve") && decide({ step: "approve", publishNow: !day, publishOn: day || null });
  const approve = () => can.has("approve") && decide({ step: "approve" });
  const giveBack = () => can.has("return") && decide({ step: "return" });
  useKeys({ "1": approvePublish, "2": approve, "3": giveBack });
  const dated = can.has("approve") || can.has("publish");
  return (
    <section className={styles.decision} aria-label={t("comment")}>
      <Standing item={item} />
      {item.comment ? (
        <>
          <h3>{t("note")}</h3>
          <p className={styles.quiet}>{item.comment}</p>
        </>
      ) : null}
      {item.steps.length ? (
        <label>
          <h3>{t("comment")}</h3>
          <Input.TextArea
            rows={4}
            maxLength={1000}
            value={comment}
            status={complaint ? "error" : undefined}
            placeholder={t("commentHint")}
            onChange={(event) => setComment(event.target.value)}
          />
          {complaint ? <span role="alert" style={{ color: "var(--cinnabar)" }}>{complaint}</span> : null}
        </label>
      ) : null}
      {dated ? (
        <label>
          <h3>{t("publishOn")}</h3>
          <DayInput value={day} onChange={setDay} />
          <span className={styles.keys}>{t("publishOnHint")}</span>
        </label>
      ) : null}
      <div className={styles.buttons}>
        {can.has("approve") ? (
          <>
            <Button type="primary" onClick={approvePublish}>
              {t("approvePublish")}
            </Button>
            <Button onClick={approve}>{t("approve")}</Button>
          </>
        ) : null}
        {can.has("publish") ? (
          <Button type="primary" onClick={() => decide({ step: "publish", publishOn: day || null })}>
            {t("publish")}
          </Button>
        ) : null}
        {can.has("return") ? (
          <Button danger onClick={giveBack}>
            {t("return")}
          </Button>
        ) : null}
        {can.has("withdraw") ? <Button onClick={() => decide({ step: "withdraw" })}>{t("withdraw")}</Button> : null}
      </div>
      {can.has("approve") ? <p className={styles.keys}>{t("keys")}</p> : null}
      <ImpactPanel versionId={item.version.version_id} />
    </section>
  );
}
