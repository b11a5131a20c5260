/** Two versions of a document side by side, and who is concerned. */
import { Select } from "antd";
import { Link, useParams, useSearchParams } from "react-router";
import { Page } from "@/blocks/Page";
import { Loaded } from "@/blocks/States";
import { DiffView } from "./DiffView";
import { useDiffWords } from "./diffWords";
import { useDocumentWords } from "./documentWords";
import { ImpactPanel } from "./ImpactPanel";
import { useDocument } from "./queries";
import styles from "./document.module.css";

export function DiffPage() {
  const t = useDiffWords();
  const words = useDocumentWords();
  const { id = "" } = useParams();
  const [asked, setAsked] = useSearchParams();
  const document = useDocument(id);
  return (
    <Loaded query={document}>
      {(card) => {
        const version = asked.get("version") ?? card.version_id;
        const others = card.versions.filter((one) => one.version_id !== version);
        const against = asked.get("against") ?? others.at(-1)?.version_id ?? "";
        const description = <Link to={`/knowledge/documents/${id}?tab=versions`}>{t("back")}</Link>;
        const choice = (
          <Select
            aria-label={t("against")}
            value={against}
            onChange={(next) => setAsked({ version, against: next })}
            options={others.map((one) => ({ value: one.version_id, label: words("ordinal", { n: one.ordinal }) }))}
          />
        );
        return (
          <Page title={`${t("title")}：${card.title}`} description={description} actions={others.length > 1 ? choice : null}>
            <div className={styles.columns}>
              <section>
                <DiffView versionId={version} against={against} />
              </section>
              <aside>
                <ImpactPanel versionId={version} />
              </aside>
            </div>
          </Page>
        );
      }}
    </Loaded>
  );
}
