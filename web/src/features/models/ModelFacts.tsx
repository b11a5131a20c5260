/** What is known of a model that cannot be changed here. */
import { moneyOf } from "./usage";
import { useDetailWords } from "./modelWords";
import type { Model } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

const LEVELS = ["customer_0", "customer_1", "customer_2", "customer_3"] as const;

export function ModelFacts({ model }: { model: Model }) {
  const t = useModelWords();
  const d = useDetailWords();
  const rows: [string, string][] = [
    [t("capabilities"), model.capabilities.map((one) => t(one)).join("、")],
    [t("stage"), t(model.stage)],
    [d("sizeClass"), d(model.size_class)],
    [d("context"), model.context_tokens.toLocaleString()],
    [t("dataLevel"), t("upTo", { n: model.data_level_max })],
    [d("customerLevel"), d(LEVELS[model.customer_level_max] ?? "customer_0")],
    [d("priceIn"), moneyOf(model.price_input, model.currency)],
    [d("priceOut"), moneyOf(model.price_output, model.currency)],
    [d("owner"), model.owner],
    [d("licence"), model.licence],
    [d("source"), model.source],
    [d("fallbacks"), model.fallbacks.join("、")],
  ];
  return (
    <>
      <p className={styles.hint}>{model.kind === "builtin" ? d("readOnly") : d("embeddedHint")}</p>
      <dl className={styles.list}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value || d("none")}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
