/** Another name for a conversation. */
import { Input, Modal } from "antd";
import { useState } from "react";
import { Failure } from "@/blocks/States";
import { useRename } from "./api";
import { useChatWords } from "./words";

const TITLE_CHARS_MAX = 60;

export function RenameDialog({ id, title, onClose }: { id: string; title: string; onClose: () => void }) {
  const t = useChatWords();
  const rename = useRename();
  const [name, setName] = useState(title);
  const save = () => {
    if (name.trim()) rename.mutate({ id, title: name.trim() }, { onSuccess: onClose });
  };
  return (
    <Modal
      open
      title={t("renameTitle")}
      okText={t("rename")}
      onOk={save}
      onCancel={onClose}
      confirmLoading={rename.isPending}
      okButtonProps={{ disabled: !name.trim() }}
      width={420}
    >
      <Input
        autoFocus
        aria-label={t("name")}
        value={name}
        maxLength={TITLE_CHARS_MAX}
        showCount
        onChange={(event) => setName(event.target.value)}
        onPressEnter={save}
      />
      {rename.isError ? <Failure error={rename.error} /> : null}
    </Modal>
  );
}
