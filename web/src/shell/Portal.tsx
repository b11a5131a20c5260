/** The whole portal: who is signed in decides between the sign-in page and the frame with its pages. */
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { ApiError, whenSignedOut } from "@/api/client";
import { SESSION_KEY, useSession } from "@/api/session";
import { State } from "@/blocks/State";
import SignIn from "@/features/login";
import { AppearanceProvider } from "@/theme/appearance";
import { Failed } from "./Failed";
import { FirstFrame } from "./FirstFrame";
import { useShellWords } from "./words";

const loadInside = () => import("./Inside");
const Inside = lazy(loadInside);
const RETRIES_MAX = 1;
const RECONNECT_MS = 5_000;

function shouldRetry(count: number, error: unknown): boolean {
  return count < RETRIES_MAX && error instanceof ApiError && (error.isOffline || error.status >= 502);
}

const SIGNED_IN_KEY = "yinshu.signed-in";

/** Whether this browser was inside when it was last open: then what is inside is fetched together with the session. */
function rememberSignedIn(inside: boolean): void {
  if (inside) localStorage.setItem(SIGNED_IN_KEY, "1");
}

if (localStorage.getItem(SIGNED_IN_KEY)) void loadInside();

const client = new QueryClient({
  queryCache: new QueryCache(),
  defaultOptions: { queries: { staleTime: 10_000, retry: shouldRetry, refetchOnWindowFocus: false } },
});

function Entrance() {
  const session = useSession();
  const t = useShellWords();
  const { refetch, isError } = session;
  useEffect(() => {
    if (!isError) return;
    const timer = setInterval(() => void refetch(), RECONNECT_MS);
    return () => clearInterval(timer);
  }, [isError, refetch]);
  const person = session.data?.person;
  const waits = !session.data || !person || person.must_change_password;
  useEffect(() => rememberSignedIn(!waits), [waits]);
  if (!session.data) {
    return session.isError ? <State title={t("notReady")} hint={t("notReadyHint")} tone="needs" /> : <FirstFrame />;
  }
  return (
    <Suspense fallback={<FirstFrame />}>
      {!person || person.must_change_password ? (
        <SignIn onLeaving={() => void loadInside()} />
      ) : (
        <Inside key={person.id} person={person} allowed={session.data.pages ?? []} />
      )}
    </Suspense>
  );
}

export function Portal() {
  useEffect(() => {
    whenSignedOut(() => void client.invalidateQueries({ queryKey: SESSION_KEY }));
  }, []);
  return (
    <AppearanceProvider>
      <QueryClientProvider client={client}>
        <Failed>
          <Entrance />
        </Failed>
      </QueryClientProvider>
    </AppearanceProvider>
  );
}
