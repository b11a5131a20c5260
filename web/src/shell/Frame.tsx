/** Rail, top bar and the page; on a phone the rail is a bar at the bottom. */
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import type { PageId, Person } from "@/api/session";
import { LinkButton } from "@/blocks/LinkButton";
import { useIsPhone } from "@/blocks/narrow";
import { Loading, State } from "@/blocks/States";
import { BottomBar } from "./BottomBar";
import { Failed } from "./Failed";
import styles from "./Frame.module.css";
import { pagesFor } from "./pages";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";
import { useShellWords } from "./words";

const Account = lazy(() => import("@/features/account"));

function Unknown() {
  const t = useShellWords();
  const home = (
    <LinkButton to="/" type="primary">
      {t("toHome")}
    </LinkButton>
  );
  return <State title={t("unknownPage")} hint={t("unknownPageHint")} action={home} />;
}

export function Frame({ person, allowed }: { person: Person; allowed: readonly PageId[] }) {
  const t = useShellWords();
  const phone = useIsPhone();
  const pages = pagesFor(allowed);
  const place = useLocation().pathname;
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t("toContent")}
      </a>
      {phone ? null : <Rail pages={pages} />}
      <div className={styles.main}>
        <TopBar person={person} pages={pages} />
        <main id="content" className={styles.content} tabIndex={-1}>
          <Failed place={place}>
            <Suspense fallback={<Loading />}>
              <Routes>
                {pages.map(({ id, path, Content }) => (
                  <Route key={id} path={path === "/" ? "/" : `${path}/*`} element={<Content />} />
                ))}
                <Route path="/login" element={<Navigate to="/" replace />} />
                <Route path="/account" element={<Account />} />
                <Route path="*" element={<Unknown />} />
              </Routes>
            </Suspense>
          </Failed>
        </main>
        {phone ? <BottomBar pages={pages} /> : null}
      </div>
    </div>
  );
}
