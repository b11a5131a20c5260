/** What changes for whom when a version takes effect. */
import { Loaded } from "@/blocks/States";
import { useDiffWords } from "./diffWords";
import { useImpact } from "./queries";
import styles from "./document.module.css";

const SHOWN_MAX = 8;

function Group({ title, lines }: { title: string; lines: string[] }) {
  const t = useDiffWords();
  if (lines.length === 0) return null;
  return (
    <>
      <h3 style={{ fontSize: 13, fontWeight: 600, margin: "12px 0 4px" }}>{`${title} (${lines.length})`}</h3>
      <ul className={styles.list}>
        {lines.slice(0, SHOWN_MAX).map((line, index) => (
          <li key={index} style={{ padding: "2px 0", overflowWrap: "anywhere" }}>
            {line}
          </li>
        ))}
        {lines.length > SHOWN_MAX ? <li className={styles.dim}>{t("more_n", { n: lines.length - SHOWN_MAX })}</li> : null}
      </ul>
    </>
  );
}

export function ImpactPanel({ versionId }: { versionId: string }) {
  const t = useDiffWords();
  const impact = useImpact(versionId);
  return (
    <section className={styles.block}>
      <h2>{t("impact")}</h2>
      <Loaded query={impact} rows={3}>
        {({ posts, faq, answers, employees }) =>
          posts.length + faq.length + answers.length + employees.length === 0 ? (
            <p className={styles.hint}>{t("noImpact")}</p>
          ) : (
            <>
              <Group
                title={t("posts")}
                lines={posts.map(({ name, asked }) => (asked ? `${name} ${t("asked_n", { n: asked })}` : name))}
              />
              <Group title={t("faq")} lines={faq.map(({ question, article }) => [question, article].filter(Boolean).join(" · "))} />
              <Group title={t("answers")} lines={answers.map(({ question }) => question)} />
              <Group title={t("employees")} lines={employees.map(({ name }) => name)} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}
