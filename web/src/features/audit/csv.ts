/** A table as CSV for a spreadsheet: with the mark of UTF-8, and nothing in it that a spreadsheet would compute. */

const COMPUTED = /^[=+\-@\t\r]/;

function cell(text: string): string {
  const plain = COMPUTED.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function csvOf(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
