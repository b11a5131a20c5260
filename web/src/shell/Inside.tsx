/** Everything behind the sign-in page: the frame with its pages, in Ant Design's look. */
import { BrowserRouter } from "react-router";
import type { PageId, Person } from "@/api/session";
import { AntTheme } from "@/theme/ant";
import { Frame } from "./Frame";

export default function Inside({ person, allowed }: { person: Person; allowed: readonly PageId[] }) {
  return (
    <AntTheme>
      <BrowserRouter>
        <Frame person={person} allowed={allowed} />
      </BrowserRouter>
    </AntTheme>
  );
}
