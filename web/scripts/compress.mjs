/** Writes .gz and .br beside every text file of the built portal, so that the server need not compress. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SITE = new URL("../../src/yinshu/portal/site", import.meta.url).pathname;
const TEXT = new Set([".js", ".css", ".html", ".svg", ".json"]);
const BYTES_MIN = 1024;

for (const entry of readdirSync(SITE, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !TEXT.has(extname(entry.name))) continue;
  const bytes = readFileSync(file);
  if (bytes.length < BYTES_MIN) continue;
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
