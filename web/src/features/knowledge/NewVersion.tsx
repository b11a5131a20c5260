/** A new version of one document: one file, its progress, and what became of it. */
import { App, Button, Upload } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { upload } from "@/api/upload";
import { useDocumentWords } from "./documentWords";
import { useChange } from "./queries";
import type { UploadItem } from "./records";
import { BYTES_PER_FILE, complaintOf, EXTENSIONS } from "./sending";
import { useLibraryWords } from "./words";

const POLL_MS = 800;
const POLLS_MAX = 900;

async function outcomeOf(batchId: string): Promise<UploadItem> {
  for (let turn = 0; turn < POLLS_MAX; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const { items } = await api.get<{ items: UploadItem[] }>(`/knowledge/uploads/${batchId}`);
    const [item] = items;
    if (item && item.outcome !== "waiting") return item;
  }
  throw new Error("too slow");
}

export function NewVersion({ documentId }: { documentId: string }) {
  const t = useDocumentWords();
  const words = useLibraryWords();
  const { message } = App.useApp();
  const [percent, setPercent] = useState<number | null>(null);
  const send = useChange(async (file: File) => {
    const form = new FormData();
    form.append("document_id", documentId);
    form.append("files", file, file.name);
    const { batch_id } = await upload<{ batch_id: string }>("/knowledge/uploads", form, (loaded, total) =>
      setPercent(Math.round((loaded / Math.max(1, total)) * 100)),
    );
    return outcomeOf(batch_id);
  });
  const choose = (file: File) => {
    const complaint = complaintOf(file, new Set());
    if (complaint) return void message.error(`${file.name}：${words(complaint)}`, 6);
    send.mutate(file, {
      onSuccess: ({ outcome, error }) => {
        if (outcome === "failed") void message.error(error, 10);
        else void message.success(t(outcome === "unchanged" ? "unchangedFile" : "newVersionSent"));
      },
      onError: (error) => void message.error(messageOf(error), 8),
      onSettled: () => setPercent(null),
    });
  };
  const progress = percent === null ? "" : percent < 100 ? ` ${percent}%` : `：${words("reading")}`;
  return (
    <Upload
      accept={EXTENSIONS.map((extension) => `.${extension}`).join(",")}
      showUploadList={false}
      beforeUpload={(file) => {
        choose(file);
        return false;
      }}
    >
      <Button loading={send.isPending} aria-description={`≤ ${BYTES_PER_FILE / 1024 / 1024} MB`}>
        {t("newVersion")}
        {progress}
      </Button>
    </Upload>
  );
}
