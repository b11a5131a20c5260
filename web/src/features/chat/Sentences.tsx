/** The sentences of an answer: a jade tick where verified, numbered marks to the sources, a grey strike where removed. */
import { CheckOutlined, ExclamationOutlined } from "@ant-design/icons";
import { useState } from "react";
import type { Citation, Sentence } from "@/api/answers";
import styles from "./answer.module.css";
import { useChatWords } from "./words";

interface SentencesProps {
  sentences: Sentence[];
  citations: Citation[];
  onOpen: (source: Citation) => void;
  opened?: number;
}

function Marks({ numbers, citations, onOpen, opened }: { numbers: number[] } & Omit<SentencesProps, "sentences">) {
  const t = useChatWords();
  return numbers.map((n) => {
    const source = citations.find((one) => one.n === n);
    const name = source ? `${source.document} ${source.article}` : "";
    return (
      <button
        key={n}
        type="button"
        className={`${styles.ref} ${opened === n ? styles.open : ""}`}
        aria-label={t("openSource", { n, name })}
        disabled={!source || source.may_open === false}
        onClick={() => source && onOpen(source)}
      >
        {n}
      </button>
    );
  });
}

export function Sentences({ sentences, ...rest }: SentencesProps) {
  const t = useChatWords();
  return (
    <div className={styles.sentences}>
      {sentences.map((sentence, index) => (
        <div key={index} className={styles.sentence}>
          {sentence.verified ? (
            <CheckOutlined className={styles.tick} aria-label={t("sentenceVerified")} title={t("sentenceVerified")} />
          ) : (
            <ExclamationOutlined className={styles.doubt} aria-label={t("sentenceUnverified")} />
          )}
          <p className={sentence.verified ? undefined : styles.struck}>
            {sentence.text}
            <Marks numbers={sentence.citations} {...rest} />
          </p>
          {sentence.verified ? null : (
            <span className={styles.reason}>{t("removedReason", { reason: sentence.reason ?? t("unsupported") })}</span>
          )}
        </div>
      ))}
    </div>
  );
}

/** What the verifier took out, folded. */
export function Removed({ removed }: { removed: { text: string; reason: string }[] }) {
  const t = useChatWords();
  const [open, setOpen] = useState(false);
  if (!removed.length) return null;
  return (
    <div className={styles.removed}>
      <button type="button" className={styles.more} onClick={() => setOpen(!open)} aria-expanded={open}>
        {t("removedSentences", { n: removed.length })}
      </button>
      {open
        ? removed.map(({ text, reason }, index) => (
            <div key={index}>
              <s>{text}</s>
              <div className={styles.reason}>{t("removedReason", { reason: reason || t("unsupported") })}</div>
            </div>
          ))
        : null}
    </div>
  );
}
