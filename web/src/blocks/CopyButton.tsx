/** A small button that puts a text on the clipboard and says so. */
import { CopyOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { copyText } from "./copyText";
import { useBlockWords } from "./words";

interface CopyButtonProps {
  text: string;
  /** What is copied, for those who do not see where the button stands, e.g. “复制编号”. */
  label: string;
  /** The label beside the icon; without it only the icon. */
  shown?: boolean;
}

export function CopyButton({ text, label, shown = false }: CopyButtonProps) {
  const t = useBlockWords();
  const { message } = App.useApp();
  const copy = async () => {
    const done = await copyText(text);
    void (done ? message.success(t("copied")) : message.error(t("copyFailed")));
  };
  return (
    <Button size="small" type="text" icon={<CopyOutlined />} aria-label={shown ? undefined : label} title={label} onClick={() => void copy()}>
      {shown ? label : null}
    </Button>
  );
}
