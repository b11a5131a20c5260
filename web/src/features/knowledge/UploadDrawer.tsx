/** Files into a collection: dropped or chosen, each with its own progress and its own failure. */
import { Button, Drawer, Progress, Upload } from "antd";
import { Link } from "react-router";
import { Mark, type Tone } from "@/blocks/Mark";
import { EXTENSIONS } from "./sending";
import type { Collection } from "./records";
import { addFiles, forgetDone, hasFailed, isUnderWay, retry, useUploads, type Phase, type UploadFile } from "./uploads";
import { useLibraryWords } from "./words";
import styles from "./library.module.css";

const TONES: Partial<Record<Phase, Tone>> = { added: "ink", new_version: "ink", unchanged: "plain" };
const COMPLAINTS = ["empty", "too_large", "unsupported", "same_name"] as const;

function reasonOf(file: UploadFile, t: ReturnType<typeof useLibraryWords>): string {
  const complaint = COMPLAINTS.find((phase) => phase === file.phase);
  if (complaint) return t(complaint);
  return file.phase === "not_sent" ? t("sendFailed", { reason: file.error }) : file.error;
}

function FileRow({ file }: { file: UploadFile }) {
  const t = useLibraryWords();
  const failed = hasFailed(file);
  const word = failed ? "failed" : (file.phase as "waiting" | "sending" | "reading" | "added" | "new_version" | "unchanged");
  const canRetry = file.phase === "not_sent" || (file.phase === "failed" && file.content !== null);
  return (
    <li className={styles.file}>
      <strong>{file.name}</strong>
      <span>
        <Mark tone={failed ? "danger" : (TONES[file.phase] ?? "plain")}>{t(word)}</Mark>
        {file.documentId ? (
          <>
            {" "}
            <Link to={`/knowledge/documents/${file.documentId}`}>{t("open")}</Link>
          </>
        ) : null}
        {canRetry ? (
          <Button type="link" size="small" onClick={() => retry([file.key])}>
            {t("again")}
          </Button>
        ) : null}
      </span>
      {failed ? <p role="alert">{reasonOf(file, t)}</p> : null}
      {file.phase === "sending" ? (
        <Progress className={styles.bar} percent={Math.round(file.share * 100)} size="small" aria-label={file.name} />
      ) : null}
    </li>
  );
}

function Summary({ files }: { files: UploadFile[] }) {
  const t = useLibraryWords();
  const over = files.filter((file) => !isUnderWay(file)).length;
  const failures = files.filter(hasFailed).length;
  return (
    <div aria-live="polite">
      <Progress percent={Math.round((over / files.length) * 100)} showInfo={false} aria-label={t("upload")} />
      <span>{t("progress", { done: over, total: files.length })}</span>
      {failures ? <span className={styles.late}>{`，${t("failures_n", { n: failures })}`}</span> : null}
    </div>
  );
}

export function UploadDrawer({ collection, open, onClose }: { collection: Collection; open: boolean; onClose: () => void }) {
  const t = useLibraryWords();
  const files = useUploads().filter((file) => file.collectionId === collection.id);
  const close = () => {
    forgetDone(collection.id);
    onClose();
  };
  const failedKeys = files.filter((file) => file.phase === "not_sent" || file.phase === "failed").map(({ key }) => key);
  return (
    <Drawer
      open={open}
      size={560}
      title={t("uploadTo", { name: collection.name })}
      onClose={onClose}
      footer={
        files.length && !files.some(isUnderWay) ? (
          <Button type="primary" onClick={close}>
            {t("done")}
          </Button>
        ) : null
      }
    >
      <Upload.Dragger
        height={136}
        multiple
        showUploadList={false}
        accept={EXTENSIONS.map((extension) => `.${extension}`).join(",")}
        beforeUpload={(file, chosen) => {
          if (file === chosen[0]) addFiles(collection.id, chosen);
          return Upload.LIST_IGNORE;
        }}
      >
        <p style={{ margin: 0, fontWeight: 500 }}>{t("drop")}</p>
        <p className={styles.dim} style={{ margin: "4px 16px 0" }}>
          {t("dropHint")}
        </p>
      </Upload.Dragger>
      <p className={styles.foot}>{files.some(isUnderWay) ? t("keepOpen") : t(collection.kind === "personal" ? "afterUploadOwn" : "afterUpload")}</p>
      {files.length ? <Summary files={files} /> : null}
      {failedKeys.length > 1 ? (
        <Button size="small" onClick={() => retry(failedKeys)}>
          {t("retryAll")}
        </Button>
      ) : null}
      <ul className={styles.files}>
        {files.map((file) => (
          <FileRow key={file.key} file={file} />
        ))}
      </ul>
    </Drawer>
  );
}
