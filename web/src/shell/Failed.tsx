/** Catches a page that fails while it is drawn, so that the frame stays. */
import { Component, type ReactNode } from "react";
import { PlainButton } from "@/blocks/PlainButton";
import { State } from "@/blocks/State";
import { useShellWords } from "./words";

function Broken() {
  const t = useShellWords();
  const reload = <PlainButton onClick={() => window.location.reload()}>{t("reload")}</PlainButton>;
  return <State title={t("broken")} hint={t("brokenHint")} action={reload} tone="danger" />;
}

interface FailedProps {
  children: ReactNode;
  /** A new key (the address) gives the page another chance. */
  place?: string;
}

export class Failed extends Component<FailedProps, { place: string | undefined; failed: boolean }> {
  override state = { place: this.props.place, failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  static getDerivedStateFromProps(props: FailedProps, state: { place: string | undefined; failed: boolean }) {
    return props.place === state.place ? null : { place: props.place, failed: false };
  }

  override render() {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}
