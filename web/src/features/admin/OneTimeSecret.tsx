/** A secret that is shown once, to be copied and handed over. */
import { App, Button } from "antd";
import { usePeopleWords } from "./peopleWords";
import styles from "./admin.module.css";

export function OneTimeSecret({ secret, hint }: { secret: string; hint: string }) {
  const t = usePeopleWords();
  const { message } = App.useApp();
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => message.success(t("copied")),
      () => undefined,
    );
  return (
    <div role="status">
      <div className={styles.once}>
        <code>{secret}</code>
        <Button size="small" onClick={() => void copy()}>
          {t("copy")}
        </Button>
      </div>
      <p className={styles.hint}>{hint}</p>
    </div>
  );
}
