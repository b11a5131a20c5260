/** By which day's rules and in which collections a question is asked. */
import { CalendarOutlined, DatabaseOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input, Popover } from "antd";
import { useCollections } from "./api";
import styles from "./box.module.css";
import { useChatWords } from "./words";

interface ScopeProps {
  asOf: string;
  collections: string[];
  onAsOf: (day: string) => void;
  onCollections: (ids: string[]) => void;
}

function Day({ asOf, onAsOf }: Pick<ScopeProps, "asOf" | "onAsOf">) {
  const t = useChatWords();
  const content = (
    <div className={styles.day}>
      <label>
        {t("asOf")}
        <Input type="date" value={asOf} onChange={(event) => onAsOf(event.target.value)} />
      </label>
      {asOf ? (
        <Button size="small" onClick={() => onAsOf("")}>
          {t("asOfClear")}
        </Button>
      ) : null}
    </div>
  );
  return (
    <Popover trigger="click" placement="topLeft" content={content}>
      <Button type={asOf ? "default" : "text"} size="small" icon={<CalendarOutlined />} aria-haspopup="dialog">
        {asOf ? t("asOfDay", { day: asOf }) : t("asOfToday")}
      </Button>
    </Popover>
  );
}

function Choice({ collections, onCollections }: Pick<ScopeProps, "collections" | "onCollections">) {
  const t = useChatWords();
  const rows = useCollections().data ?? [];
  const chosen = rows.filter(({ id }) => collections.includes(id));
  const word =
    chosen.length === 0
      ? t("allCollections")
      : chosen.length === 1
        ? chosen[0]?.name
        : t("someCollections", { n: chosen.length });
  const content = (
    <Checkbox.Group<string>
      className={styles.choice}
      value={chosen.map(({ id }) => id)}
      onChange={onCollections}
      options={rows.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
  return (
    <Popover trigger="click" placement="topLeft" content={content} title={t("collections")}>
      <Button type={chosen.length ? "default" : "text"} size="small" icon={<DatabaseOutlined />} aria-haspopup="dialog">
        <span className={styles.clip}>{word}</span>
      </Button>
    </Popover>
  );
}

export function Scope({ asOf, collections, onAsOf, onCollections }: ScopeProps) {
  return (
    <>
      <Day asOf={asOf} onAsOf={onAsOf} />
      <Choice collections={collections} onCollections={onCollections} />
    </>
  );
}
