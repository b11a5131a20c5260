/** Lets others read a conversation; each still sees only the sources that their post may see. */
import { CloseOutlined, LinkOutlined } from "@ant-design/icons";
import { App, Button, Modal, Select } from "antd";
import { useState } from "react";
import { messageOf } from "@/api/client";
import { copyText } from "@/blocks/copyText";
import { Mark } from "@/blocks/Mark";
import { Loaded } from "@/blocks/States";
import styles from "./share.module.css";
import { useHolders, useShare, useShares, useUnshare, type Holder } from "./shares";
import { useChatWords } from "./words";

const keyOf = ({ kind, id }: Holder) => `${kind}:${id}`;

function Picker({ onPick, busy }: { onPick: (holder: Holder) => void; busy: boolean }) {
  const t = useChatWords();
  const [words, setWords] = useState("");
  const holders = useHolders(words).data ?? [];
  const find = (key: string) => holders.find((holder) => keyOf(holder) === key);
  return (
    <Select<string>
      showSearch={{ onSearch: setWords, filterOption: false, searchValue: words }}
      value={null}
      placeholder={t("shareToPlaceholder")}
      aria-label={t("shareTo")}
      loading={busy}
      disabled={busy}
      className={styles.picker}
      notFoundContent={words ? t("shareNobody") : null}
      onSelect={(key) => {
        const holder = find(key);
        if (holder) onPick(holder);
        setWords("");
      }}
      options={holders.map((holder) => ({ value: keyOf(holder), label: holder.name ?? holder.id }))}
      optionRender={(option) => {
        const holder = find(String(option.value));
        return holder ? (
          <span className={styles.option}>
            <Mark>{t(`kind_${holder.kind}`)}</Mark>
            {holder.name}
            <span className={styles.quiet}>{holder.department}</span>
          </span>
        ) : null;
      }}
    />
  );
}

export function ShareDialog({ conversationId, onClose }: { conversationId: string; onClose: () => void }) {
  const t = useChatWords();
  const { message } = App.useApp();
  const shares = useShares(conversationId);
  const share = useShare(conversationId);
  const unshare = useUnshare(conversationId);
  const fail = (error: unknown) => void message.error(messageOf(error));
  const copy = async () => {
    await copyText(`${window.location.origin}/chat/${conversationId}`);
    void message.success(t("shareLinkCopied"));
  };
  return (
    <Modal
      open
      title={t("shareTitle")}
      onCancel={onClose}
      width={520}
      footer={
        <Button icon={<LinkOutlined />} onClick={() => void copy()}>
          {t("shareLink")}
        </Button>
      }
    >
      <p className={styles.quiet}>{t("shareHint")}</p>
      <Picker busy={share.isPending} onPick={(holder) => share.mutate(holder, { onError: fail })} />
      <Loaded query={shares} rows={2} isEmpty={(items) => !items.length} empty={<p>{t("shareNone")}</p>}>
        {(items) => (
          <ul className={styles.holders}>
            {items.map(({ id, holder }) => (
              <li key={id}>
                <Mark>{t(`kind_${holder.kind}`)}</Mark>
                <span className={styles.name}>
                  {holder.name ?? holder.id} <span className={styles.quiet}>{holder.department}</span>
                </span>
                <Button
                  type="text"
                  size="small"
                  icon={<CloseOutlined />}
                  aria-label={t("shareRemove", { name: holder.name ?? holder.id })}
                  onClick={() => unshare.mutate(holder, { onError: fail })}
                />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Modal>
  );
}
