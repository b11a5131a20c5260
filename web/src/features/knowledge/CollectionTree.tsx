/** The collections by whom they are for; on a phone one choice field. */
import { Select } from "antd";
import { useIsPhone } from "@/blocks/narrow";
import type { Collection, CollectionKind } from "./records";
import { useLibraryWords } from "./words";
import styles from "./library.module.css";

const KINDS: CollectionKind[] = ["enterprise", "department", "personal"];

interface TreeProps {
  collections: Collection[];
  chosen: string;
  onChoose: (id: string) => void;
}

export function CollectionTree({ collections, chosen, onChoose }: TreeProps) {
  const t = useLibraryWords();
  const phone = useIsPhone();
  const groups = KINDS.map((kind) => ({ kind, members: collections.filter((one) => one.kind === kind) })).filter(
    ({ members }) => members.length > 0,
  );
  if (phone) {
    const options = groups.map(({ kind, members }) => ({
      label: t(kind),
      options: members.map(({ id, name, documents }) => ({ value: id, label: `${name}（${documents}）` })),
    }));
    return <Select aria-label={t("chooseCollection")} options={options} value={chosen} onChange={onChoose} style={{ width: "100%" }} />;
  }
  return (
    <nav className={styles.tree} aria-label={t("collections")}>
      {groups.map(({ kind, members }) => (
        <section key={kind}>
          <h2>{t(kind)}</h2>
          <ul>
            {members.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className={`${styles.one} ${one.id === chosen ? styles.chosen : ""}`}
                  aria-current={one.id === chosen ? "page" : undefined}
                  onClick={() => onChoose(one.id)}
                >
                  <span>{one.name}</span>
                  <span className={styles.count}>{one.documents}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
