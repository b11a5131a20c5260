/** The whole portal: who is signed in decides between the sign-in page and the frame with its pages. */
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { BrowserRouter } from "react-router";
import { ApiError, whenSignedOut } from "@/api/client";
import { SESSION_KEY, useSession } from "@/api/session";
import { Loading, State } from "@/blocks/States";
import { AppearanceProvider } from "@/theme/appearance";
import { Failed } from "./Failed";
import { Frame } from "./Frame";
import { useShellWords } from "./words";

const SignIn = lazy(() => import("@/features/login"));
const RETRIES_MAX = 1;
const RECONNECT_MS = 5_000;

function shouldRetry(count: number, error: unknown): boolean {
  return count < RETRIES_MAX && error instanceof ApiError && (error.isOffline || error.status >= 502);
}

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
  if (!session.data) {
    return session.isError ? <State title={t("notReady")} hint={t("notReadyHint")} tone="needs" /> : null;
  }
  const { person, pages = [] } = session.data;
  if (!person || person.must_change_password) {
    return (
      <Suspense fallback={<Loading />}>
        <SignIn />
      </Suspense>
    );
  }
  return <Frame person={person} allowed={pages} />;
}

export function Portal() {
  useEffect(() => {
    whenSignedOut(() => void client.invalidateQueries({ queryKey: SESSION_KEY }));
  }, []);
  return (
    <AppearanceProvider>
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <Failed>
            <Entrance />
          </Failed>
        </BrowserRouter>
      </QueryClientProvider>
    </AppearanceProvider>
  );
}
