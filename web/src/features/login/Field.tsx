/** A labelled input with its help and its fault, read out together. */
import { useId, useState, type KeyboardEvent } from "react";
import styles from "./login.module.css";
import { useLoginWords } from "./words";

interface FieldProps {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  secret?: boolean;
  hint?: string;
  fault?: string;
  autoComplete: string;
  autoFocus?: boolean;
}

export function Field({ label, name, value, onChange, secret, hint, fault, autoComplete, autoFocus }: FieldProps) {
  const t = useLoginWords();
  const id = useId();
  const [caps, setCaps] = useState(false);
  const [shown, setShown] = useState(false);
  const notes = [caps ? t("capsLock") : "", hint ?? ""].filter(Boolean);
  const watchCaps = (event: KeyboardEvent) => setCaps(event.getModifierState("CapsLock"));
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={`${styles.input} ${fault ? styles.faulty : ""}`}>
        <input
          id={id}
          name={name}
          type={secret && !shown ? "password" : "text"}
          value={value}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={autoFocus}
          aria-invalid={Boolean(fault)}
          aria-describedby={`${id}-note`}
          onChange={(event) => onChange(event.target.value)}
          onKeyUp={secret ? watchCaps : undefined}
        />
        {secret ? (
          <button type="button" className={styles.show} aria-controls={id} onClick={() => setShown(!shown)}>
            {shown ? t("hide") : t("show")}
          </button>
        ) : null}
      </div>
      <div id={`${id}-note`}>
        {fault ? <div className={styles.wrong}>{fault}</div> : null}
        {notes.map((note) => (
          <div key={note} className={styles.hint}>
            {note}
          </div>
        ))}
      </div>
    </div>
  );
}
