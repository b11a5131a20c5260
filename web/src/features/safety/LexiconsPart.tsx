/** The bank's own word lists, imported by one person and put in force by another. */
import { App, Button, Input, Upload } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark } from "@/blocks/Mark";
import { Loaded, State } from "@/blocks/States";
import { PersonName } from "@/blocks/names";
import { saveText } from "@/blocks/save";
import { inTurn } from "./PoliciesPart";
import { useGuardChange, useLexicons } from "./records";
import { useRuleWords } from "./ruleWords";
import { STATUS_TONES } from "./tones";
import { VersionActs } from "./VersionActs";
import { useSafetyWords } from "./words";
import styles from "./safety.module.css";

const SAMPLE = "\ufeffword,category,severity,allow,sound\r\n内部未公开产品名,涉密,high,,\r\n稳赚不赔,营销用语,medium,不得宣传稳赚不赔,1\r\n";

export function LexiconsPart() {
  const t = useSafetyWords();
  const r = useRuleWords();
  const { message } = App.useApp();
  const lexicons = useLexicons();
  const [name, setName] = useState("");
  const take = useGuardChange(async (file: File) => api.post("/guard/lexicons", { name: name.trim(), csv: await file.text() }));
  const choose = (file: File) => {
    if (!name.trim()) void message.warning(t("nameNeeded"));
    else
      take.mutate(file, {
        onSuccess: () => void message.success(t("done")),
        onError: (error) => void message.error(messageOf(error), 8),
      });
    return false;
  };
  return (
    <>
      <p className={styles.hint}>{t("noLexiconsHint")}</p>
      <div className={styles.tools}>
        <Input
          aria-label={t("lexiconName")}
          placeholder={t("lexiconName")}
          style={{ maxWidth: 240 }}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Upload accept=".csv" showUploadList={false} beforeUpload={choose}>
          <Button loading={take.isPending} type="primary">
            {t("importLexicon")}
          </Button>
        </Upload>
        <Button onClick={() => saveText("lexicon-sample.csv", SAMPLE)}>{r("template")}</Button>
      </div>
      <Loaded query={lexicons} isEmpty={({ items }) => items.length === 0} empty={<State title={t("noLexicons")} />}>
        {({ items }) => (
          <ul className={styles.list}>
            {inTurn(items).map((version) => (
              <li key={version.id} className={styles.card}>
                <div className={styles.row}>
                  <span>
                    <strong>{`${version.name}@${version.version}`}</strong>{" "}
                    <Mark tone={STATUS_TONES[version.status]}>{t(version.status)}</Mark>{" "}
                    <span className={styles.dim}>
                      {t("entries_n", { n: (version.entries ?? 0).toLocaleString() })} · <PersonName id={version.written_by} /> <LocalTime at={version.written_at} />
                    </span>
                  </span>
                  <span className={styles.acts}>
                    <Button size="small" href={`/api/guard/lexicons/${version.id}/export`} download={`${version.name}.csv`}>
                      {t("export")}
                    </Button>
                    <VersionActs version={version} where="lexicons" />
                  </span>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}
