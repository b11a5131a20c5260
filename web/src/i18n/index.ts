/** Words in Chinese and English; every feature keeps its own and the compiler checks that both are complete. */
import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";

export type Language = "zh" | "en";
type Words = { readonly [key: string]: string };
type Values = Record<string, string | number>;
export type Translate<W extends Words> = (key: keyof W & string, values?: Values) => string;

export const i18n = i18next.createInstance();

/** Start with a language; must run before anything is drawn. */
export function startWords(language: Language): void {
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  void i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: "zh",
    initAsync: false,
    resources: {},
    interpolation: { escapeValue: false },
    keySeparator: false,
    nsSeparator: false,
    react: { useSuspense: false },
  });
}

/** A hook that gives `t` for one feature's words. The English must have exactly the keys of the Chinese. */
export function defineWords<W extends Words>(feature: string, zh: W, en: { readonly [K in keyof W]: string }) {
  let registered = false;
  const register = () => {
    if (registered) return;
    i18n.addResourceBundle("zh", feature, zh, true, true);
    i18n.addResourceBundle("en", feature, en, true, true);
    registered = true;
  };
  function useWords(): Translate<W> {
    register();
    const { t } = useTranslation(feature, { i18n });
    return t;
  }
  /** The words outside of a component, in the language of this moment. */
  const now: Translate<W> = (key, values) => {
    register();
    return i18n.t(key, { ns: feature, ...values });
  };
  return Object.assign(useWords, { now });
}
