/** Files on their way to the server: how they are grouped, checked beforehand, and how far each one is. */

export const FILES_PER_SENDING = 50;
export const BYTES_PER_SENDING = 100 * 1024 * 1024;
export const BYTES_PER_FILE = 100 * 1024 * 1024;

export const EXTENSIONS = [
  "pdf", "docx", "docm", "xlsx", "xlsm", "xls", "et", "pptx", "pptm", "html", "htm", "md", "markdown", "txt", "csv",
  "tsv", "png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp",
];

export type Complaint = "empty" | "too_large" | "unsupported" | "same_name";

export interface Sized {
  name: string;
  size: number;
}

/** What stands against sending a file, or null. `names` are those already chosen. */
export function complaintOf(file: Sized, names: ReadonlySet<string>): Complaint | null {
  const extension = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  if (names.has(file.name)) return "same_name";
  if (!file.name.includes(".") || !EXTENSIONS.includes(extension)) return "unsupported";
  if (file.size === 0) return "empty";
  return file.size > BYTES_PER_FILE ? "too_large" : null;
}

/** Files in their order, in groups that one request may carry. */
export function groupsOf<T extends Sized>(files: readonly T[]): T[][] {
  const groups: T[][] = [];
  let bytes = 0;
  for (const file of files) {
    const group = groups.at(-1);
    if (group && group.length < FILES_PER_SENDING && bytes + file.size <= BYTES_PER_SENDING) {
      group.push(file);
      bytes += file.size;
    } else {
      groups.push([file]);
      bytes = file.size;
    }
  }
  return groups;
}

/** The share sent of each file (0 to 1) when `loaded` of `total` bytes of a form that carries them in order are out. */
export function sharesSent(sizes: readonly number[], loaded: number, total: number): number[] {
  const content = sizes.reduce((sum, size) => sum + size, 0);
  const overhead = sizes.length ? Math.max(0, total - content) / sizes.length : 0;
  let before = 0;
  return sizes.map((size) => {
    const sent = loaded - before - overhead;
    before += overhead + size;
    return size === 0 ? Number(sent >= 0) : Math.min(1, Math.max(0, sent / size));
  });
}
