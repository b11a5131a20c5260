/** The conversation's name and what can be done with the whole of it. */
import { ShareAltOutlined, UnorderedListOutlined } from "@ant-design/icons";
import { Button, Drawer, Dropdown } from "antd";
import { useState } from "react";
import { useIsPhone } from "@/blocks/narrow";
import type { OpenConversation } from "./api";
import { ConversationList } from "./ConversationList";
import { exportUrl } from "./exporting";
import { RenameDialog } from "./RenameDialog";
import { ShareDialog } from "./ShareDialog";
import styles from "./thread.module.css";
import { useChatWords } from "./words";

/** The list behind a button, where there is no room for it. */
export function ListButton() {
  const t = useChatWords();
  const phone = useIsPhone();
  const [open, setOpen] = useState(false);
  if (!phone) return null;
  return (
    <>
      <Button type="text" icon={<UnorderedListOutlined />} aria-label={t("listOpen")} onClick={() => setOpen(true)} />
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="left"
        size="88vw"
        title={t("conversations")}
        styles={{ body: { padding: 0 } }}
      >
        <ConversationList onChosen={() => setOpen(false)} />
      </Drawer>
    </>
  );
}

export function ThreadHead({ conversation }: { conversation: OpenConversation }) {
  const t = useChatWords();
  const [dialog, setDialog] = useState<"share" | "rename" | null>(null);
  const { id, title, may } = conversation;
  const items = [
    { key: "docx", label: t("exportDocx"), hidden: !may.includes("export") },
    { key: "md", label: t("exportMd"), hidden: !may.includes("export") },
    { key: "rename", label: t("rename"), hidden: !may.includes("rename") },
  ].filter((item) => !item.hidden);
  const choose = ({ key }: { key: string }) => {
    if (key === "rename") setDialog("rename");
    else window.location.assign(exportUrl(id, key === "docx" ? "docx" : "md"));
  };
  return (
    <div className={styles.head}>
      <ListButton />
      <h1 title={title}>{title || t("untitled")}</h1>
      {may.includes("share") ? (
        <Button type="text" icon={<ShareAltOutlined />} onClick={() => setDialog("share")}>
          {t("share")}
        </Button>
      ) : null}
      <Dropdown
        trigger={["click"]}
        menu={{ items: items.map(({ key, label }) => ({ key, label })), onClick: choose }}
        placement="bottomRight"
      >
        <Button type="text" aria-label={t("moreActs", { title: title || t("untitled") })}>
          ⋯
        </Button>
      </Dropdown>
      {dialog === "share" ? <ShareDialog conversationId={id} onClose={() => setDialog(null)} /> : null}
      {dialog === "rename" ? <RenameDialog id={id} title={title} onClose={() => setDialog(null)} /> : null}
    </div>
  );
}
