/** Before the frame: signing in, and the change of the first password. */
import { useEffect } from "react";
import { useSession } from "@/api/session";
import { PlainButton } from "@/blocks/PlainButton";
import { useAppearance } from "@/theme/appearance";
import { FirstPassword } from "./FirstPassword";
import styles from "./login.module.css";
import { SignInForm } from "./SignInForm";
import { useLoginWords } from "./words";

export default function SignIn({ onLeaving }: { onLeaving: () => void }) {
  const t = useLoginWords();
  const { language, chooseLanguage } = useAppearance();
  const session = useSession().data;
  useEffect(() => {
    document.title = `${t("title")} · ${t("product")}`;
  }, [t]);
  if (!session) return null;
  return (
    <div className={styles.page}>
      <main className={styles.card}>
        <header className={styles.brand}>
          <img src="/mark.svg" alt="" width={40} height={40} />
          <div>
            <strong>{t("product")}</strong>
            <span>{t("promise")}</span>
          </div>
        </header>
        {session.person ? <FirstPassword person={session.person} /> : <SignInForm ways={session.sign_in} refused={session.refused ?? ""} onLeaving={onLeaving} />}
      </main>
      <footer className={styles.foot}>
        <PlainButton look="link" onClick={() => chooseLanguage(language === "en" ? "zh" : "en")}>{t("language")}</PlainButton>
        <span>{session.version}</span>
      </footer>
    </div>
  );
}
