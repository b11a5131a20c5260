/** The files of a question, each with its way out. */
import { CloseOutlined, FileTextOutlined } from "@ant-design/icons";
import styles from "./box.module.css";
import { useChatWords } from "./words";

export function FileChips({ files, onRemove }: { files: File[]; onRemove: (file: File) => void }) {
  const t = useChatWords();
  if (!files.length) return null;
  return (
    <ul className={styles.files}>
      {files.map((file) => (
        <li key={`${file.name}-${file.size}-${file.lastModified}`}>
          <FileTextOutlined />
          <span>{file.name}</span>
          <button type="button" aria-label={t("removeFile", { name: file.name })} onClick={() => onRemove(file)}>
            <CloseOutlined />
          </button>
        </li>
      ))}
    </ul>
  );
}
