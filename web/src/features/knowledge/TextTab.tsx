/** The text of one version, read with UI1's reader. */
import { useSearchParams } from "react-router";
import type { DocumentCard } from "./records";

export function TextTab({ card }: { card: DocumentCard }) {
  const [asked] = useSearchParams();
  return <div>{asked.get("version") ?? card.version_id}</div>;
}
