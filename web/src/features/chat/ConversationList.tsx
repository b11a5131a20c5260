/** The person's conversations and those shared with them. */
import { MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { App, Button, Dropdown, Segmented } from "antd";
import { useState } from "react";
import { NavLink, useNavigate, useParams } from "react-router";
import { messageOf } from "@/api/client";
import { LinkButton } from "@/blocks/LinkButton";
import { Loaded } from "@/blocks/States";
import { useUndo } from "@/blocks/undo";
import { deleteConversation, useConversations, useHidden, type Conversation } from "./api";
import { usePendingIds } from "./asking";
import { exportUrl } from "./exporting";
import { RenameDialog } from "./RenameDialog";
import { ShareDialog } from "./ShareDialog";
import styles from "./thread.module.css";
import { useChatWords } from "./words";

type Dialog = { kind: "share" | "rename"; row: Conversation } | null;

function Row({ row, onDialog, onChosen }: { row: Conversation; onDialog: (d: Dialog) => void; onChosen?: () => void }) {
  const t = useChatWords();
  const go = useNavigate();
  const { "*": rest } = useParams();
  const undoable = useUndo();
  const { hide } = useHidden();
  const { message } = App.useApp();
  const title = row.title || t("untitled");
  const remove = () => {
    const show = hide(row.id);
    if (rest === row.id) void go("/chat");
    undoable(`conversation-${row.id}`, {
      text: t("removed", { title }),
      revert: show,
      commit: () =>
        deleteConversation(row.id).catch((error: unknown) => {
          show();
          void message.error(messageOf(error));
        }),
    });
  };
  const acts: Record<string, () => void> = {
    rename: () => onDialog({ kind: "rename", row }),
    share: () => onDialog({ kind: "share", row }),
    docx: () => window.location.assign(exportUrl(row.id, "docx")),
    md: () => window.location.assign(exportUrl(row.id, "md")),
    remove,
  };
  const items = [
    { key: "rename", label: t("rename") },
    { key: "share", label: t("share") },
    { key: "docx", label: t("exportDocx") },
    { key: "md", label: t("exportMd") },
    { key: "remove", label: t("remove"), danger: true },
  ];
  return (
    <li className={`${styles.row} ${rest === row.id ? styles.chosen : ""}`}>
      <NavLink to={`/chat/${row.id}`} title={title} onClick={onChosen}>
        {title}
      </NavLink>
      {row.mine ? (
        <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => acts[key]?.() }} placement="bottomRight">
          <Button
            className={styles.act}
            type="text"
            size="small"
            icon={<MoreOutlined />}
            aria-label={t("moreActs", { title })}
          />
        </Dropdown>
      ) : null}
    </li>
  );
}

export function ConversationList({ onChosen }: { onChosen?: () => void }) {
  const t = useChatWords();
  const [which, setWhich] = useState<"mine" | "shared">("mine");
  const [dialog, setDialog] = useState<Dialog>(null);
  const conversations = useConversations(which === "shared");
  const { hidden } = useHidden();
  const all = conversations.data?.pages.flatMap((page) => page.items) ?? [];
  const open = useParams()["*"];
  const asking = usePendingIds();
  // A conversation whose only question was not kept has nothing to come back to.
  const rows = all.filter(({ id, turns }) => !hidden.includes(id) && (turns > 0 || id === open || asking.includes(id)));
  return (
    <nav className={styles.list} aria-label={t("conversations")}>
      <div className={styles.listHead}>
        <LinkButton to="/chat" icon={<PlusOutlined />}>
          {t("newChat")}
        </LinkButton>
      </div>
      <div className={styles.tabs}>
        <Segmented<"mine" | "shared">
          block
          size="small"
          aria-label={t("conversations")}
          value={which}
          onChange={setWhich}
          options={[
            { value: "mine", label: t("mine") },
            { value: "shared", label: t("shared") },
          ]}
        />
      </div>
      <Loaded query={conversations} rows={6}>
        {() =>
          rows.length || conversations.hasNextPage ? (
            <ul className={styles.rows}>
              {rows.map((row) => (
                <Row key={row.id} row={row} onDialog={setDialog} onChosen={onChosen} />
              ))}
              {conversations.hasNextPage ? (
                <li>
                  <Button type="link" loading={conversations.isFetchingNextPage} onClick={() => void conversations.fetchNextPage()}>
                    {t("loadMore")}
                  </Button>
                </li>
              ) : null}
            </ul>
          ) : (
            <p className={styles.none}>{t(which === "mine" ? "noConversations" : "noShared")}</p>
          )
        }
      </Loaded>
      {dialog?.kind === "rename" ? (
        <RenameDialog id={dialog.row.id} title={dialog.row.title} onClose={() => setDialog(null)} />
      ) : null}
      {dialog?.kind === "share" ? <ShareDialog conversationId={dialog.row.id} onClose={() => setDialog(null)} /> : null}
    </nav>
  );
}
