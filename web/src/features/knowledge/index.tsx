/** Everything under /knowledge. */
import { Route, Routes } from "react-router";
import { DiffPage } from "./DiffPage";
import { DocumentPage } from "./DocumentPage";
import { FaqPage } from "./FaqPage";
import { LibraryPage } from "./LibraryPage";

export default function Knowledge() {
  return (
    <Routes>
      <Route index element={<LibraryPage />} />
      <Route path="documents/:id" element={<DocumentPage />} />
      <Route path="documents/:id/diff" element={<DiffPage />} />
      <Route path="faq" element={<FaqPage />} />
    </Routes>
  );
}
