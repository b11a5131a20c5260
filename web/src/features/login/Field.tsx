/** A labelled input with its help and its fault, read out together. */
import { Input, type InputProps } from "antd";
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
  const notes = [caps ? t("capsLock") : "", hint ?? ""].filter(Boolean);
  const props: InputProps = {
    id,
    name,
    value,
    autoComplete,
    autoFocus,
    size: "large",
    status: fault ? "error" : undefined,
    "aria-invalid": Boolean(fault),
    "aria-describedby": `${id}-note`,
    onChange: (event) => onChange(event.target.value),
  };
  const watchCaps = (event: KeyboardEvent) => setCaps(event.getModifierState("CapsLock"));
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {secret ? <Input.Password {...props} onKeyUp={watchCaps} /> : <Input {...props} />}
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
