/** What can be done with a version now: submit, withdraw, archive; each says what follows. */
import { App, Button, Checkbox, Form, Input, Modal } from "antd";
import { useState } from "react";
import { messageOf } from "@/api/client";
import { usePerson } from "@/api/session";
import { useBlockWords } from "@/blocks/words";
import { useDocumentWords } from "./documentWords";
import { useStep, type Step } from "./queries";
import type { DocumentCard, Version } from "./records";
import styles from "./document.module.css";

type Offered = Extract<Step, "submit" | "withdraw" | "archive">;

/** Which steps a version may take, given what the person may do; deciding on reviews has its own page. */
export function offeredSteps(card: DocumentCard, version: Version, personId: string): Offered[] {
  const may = new Set(card.may);
  const steps: Offered[] = [];
  if (version.status === "draft" && may.has("ingest")) steps.push("submit");
  if (version.status === "in_review" && (version.created_by?.id === personId || may.has("manage"))) steps.push("withdraw");
  if (version.status === "published" && may.has("publish")) steps.push("archive");
  return steps;
}

interface StepDialogProps {
  step: Offered;
  name: string;
  versionId: string;
  onClose: () => void;
}

function StepDialog({ step, name, versionId, onClose }: StepDialogProps) {
  const t = useDocumentWords();
  const common = useBlockWords();
  const { message } = App.useApp();
  const [comment, setComment] = useState("");
  const [mistaken, setMistaken] = useState(false);
  const [failure, setFailure] = useState("");
  const take = useStep();
  const go = () =>
    take.mutate(
      { versionId, step, comment, ...(step === "archive" ? { mistaken } : {}) },
      {
        onSuccess: () => {
          void message.success(t(`done_${step}`));
          onClose();
        },
        onError: (error) => setFailure(messageOf(error)),
      },
    );
  return (
    <Modal
      open
      title={t(step)}
      okText={t(step)}
      cancelText={common("cancel")}
      okButtonProps={{ danger: step === "archive" }}
      confirmLoading={take.isPending}
      onOk={go}
      onCancel={onClose}
    >
      <p className={styles.hint}>{t(`${step}Hint`, { name })}</p>
      {step === "archive" ? (
        <Checkbox checked={mistaken} onChange={(event) => setMistaken(event.target.checked)} style={{ marginBottom: 12 }}>
          {t("mistaken")}
        </Checkbox>
      ) : null}
      <Form layout="vertical">
        <Form.Item label={t("comment")} validateStatus={failure ? "error" : undefined} help={failure || undefined}>
          <Input.TextArea
            rows={3}
            maxLength={1000}
            value={comment}
            placeholder={t("commentHint")}
            onChange={(event) => setComment(event.target.value)}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function VersionActs({ card, version, primary = false }: { card: DocumentCard; version: Version; primary?: boolean }) {
  const t = useDocumentWords();
  const { id } = usePerson();
  const [step, setStep] = useState<Offered | null>(null);
  return (
    <>
      {offeredSteps(card, version, id).map((offered) => (
        <Button
          key={offered}
          size={primary ? "middle" : "small"}
          type={primary && offered !== "archive" ? "primary" : "default"}
          danger={offered === "archive"}
          onClick={() => setStep(offered)}
        >
          {t(offered)}
        </Button>
      ))}
      {step ? (
        <StepDialog step={step} name={card.title} versionId={version.version_id} onClose={() => setStep(null)} />
      ) : null}
    </>
  );
}
