/** Starts the portal. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startWords } from "@/i18n";
import { Portal } from "@/shell/Portal";
import { storedLanguage } from "@/theme/appearance";
import { markStyleSheets } from "@/theme/nonce";
import "@/theme/base.css";

markStyleSheets();
startWords(storedLanguage());
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Portal />
  </StrictMode>,
);
