/** A button of the browser's own in our look, for what is drawn before Ant Design is there. */
import type { ButtonHTMLAttributes } from "react";
import styles from "./PlainButton.module.css";

interface PlainButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "plain" | "primary" | "link";
  /** Work is under way: it cannot be pressed again. */
  busy?: boolean;
}

export function PlainButton({ look = "plain", busy = false, type = "button", className = "", disabled, ...rest }: PlainButtonProps) {
  const classes = [styles.button, styles[look], busy ? styles.busy : "", className].filter(Boolean).join(" ");
  return <button {...rest} type={type} className={classes} disabled={disabled || busy} aria-busy={busy || undefined} />;
}
