/** A text field that grows with its lines. Ant Design's own writes style attributes, which the content policy refuses. */
import { useId, useLayoutEffect, useRef, type KeyboardEvent } from "react";
import styles from "./GrowingText.module.css";

interface GrowingTextProps {
  label: string;
  /** Show the label above; otherwise it is only read out. */
  labelShown?: boolean;
  value: string;
  onChange: (value: string) => void;
  onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  placeholder?: string;
  maxLength?: number;
  rows?: number;
  rowsMax?: number;
  autoFocus?: boolean;
  /** Without a frame of its own, inside of one. */
  bare?: boolean;
  name?: string;
  disabled?: boolean;
}

export function GrowingText({ label, labelShown, value, onChange, rows = 2, rowsMax = 8, bare, ...rest }: GrowingTextProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const { current } = area;
    if (!current) return;
    current.style.height = "auto";
    const { lineHeight, paddingTop, paddingBottom, borderTopWidth } = getComputedStyle(current);
    const padding = parseFloat(paddingTop) + parseFloat(paddingBottom);
    const most = parseFloat(lineHeight) * rowsMax + padding;
    current.style.height = `${Math.min(current.scrollHeight, most) + 2 * parseFloat(borderTopWidth)}px`;
  }, [value, rowsMax]);
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={labelShown ? undefined : "visually-hidden"}>
        {label}
      </label>
      <textarea
        {...rest}
        ref={area}
        id={id}
        rows={rows}
        className={`${styles.area} ${bare ? styles.bare : ""}`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
