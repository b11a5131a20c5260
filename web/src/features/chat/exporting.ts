/** Where a conversation is downloaded as a file. */
import { urlOf } from "@/api/client";

export function exportUrl(id: string, format: "docx" | "md"): string {
  return urlOf(`/conversations/${id}/export`, { format });
}
