/** One's own API keys; a new one is shown once. */
import { App, Button, Input, InputNumber } from "antd";
import { useState, type FormEvent } from "react";
import { messageOf } from "@/api/client";
import { copyText } from "@/blocks/copyText";
import { useDanger } from "@/blocks/danger";
import { LocalTime } from "@/blocks/LocalTime";
import { Loaded } from "@/blocks/States";
import styles from "./account.module.css";
import { useKeys, useMakeKey, useWithdrawKey, type OwnKey } from "./api";
import { useAccountWords } from "./words";

const DAYS = 90;
const DAYS_MAX = 3650;

function KeyRow({ row }: { row: OwnKey }) {
  const t = useAccountWords();
  const danger = useDanger();
  const withdraw = useWithdrawKey();
  const ask = () =>
    danger({
      title: t("withdrawTitle", { name: row.name }),
      consequence: t("withdrawConsequence"),
      verb: t("withdraw"),
      act: () => withdraw.mutateAsync(row.id),
    });
  return (
    <li>
      <span className={styles.name}>
        {row.name} <code>{row.opening}…</code>
      </span>
      <span className={styles.quiet}>
        {t("until")} <LocalTime at={row.expires_at} /> ·{" "}
        {row.used_at ? (
          <>
            {t("used")} <LocalTime at={row.used_at} />
          </>
        ) : (
          t("never")
        )}
      </span>
      <Button size="small" danger onClick={ask}>
        {t("withdraw")}
      </Button>
    </li>
  );
}

export function Keys() {
  const t = useAccountWords();
  const { message } = App.useApp();
  const keys = useKeys();
  const make = useMakeKey();
  const [name, setName] = useState("");
  const [days, setDays] = useState(DAYS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    make.mutate(
      { name: name.trim(), days },
      { onSuccess: () => setName(""), onError: (error) => void message.error(messageOf(error)) },
    );
  };
  const copy = async (key: string) => {
    if (await copyText(key)) void message.success(t("copied"));
  };
  return (
    <>
      {make.data ? (
        <div className={styles.shown} role="status">
          <div>{t("keyShown")}</div>
          <code>{make.data.key}</code>
          <Button size="small" onClick={() => void copy(make.data.key)}>
            {t("copy")}
          </Button>
        </div>
      ) : null}
      <Loaded query={keys} rows={2} isEmpty={({ items }) => !items.length} empty={<p className={styles.quiet}>{t("noKeys")}</p>}>
        {({ items }) => (
          <ul className={styles.rows}>
            {items.map((row) => (
              <KeyRow key={row.id} row={row} />
            ))}
          </ul>
        )}
      </Loaded>
      <form className={styles.inline} onSubmit={submit}>
        <Input aria-label={t("keyName")} placeholder={t("keyName")} value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
        <InputNumber aria-label={t("days")} min={1} max={DAYS_MAX} value={days} onChange={(value) => setDays(value ?? DAYS)} />
        <Button htmlType="submit" loading={make.isPending} disabled={!name.trim()}>
          {t("make")}
        </Button>
      </form>
    </>
  );
}
