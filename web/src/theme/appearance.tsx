/** Which theme and language this person reads; kept in the browser until the server knows better. */
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import { i18n, type Language } from "@/i18n";
import { writeVariables, type Mode } from "./tokens";

export type ThemeChoice = Mode | "system";

interface Appearance {
  theme: ThemeChoice;
  mode: Mode;
  language: Language;
  chooseTheme: (choice: ThemeChoice) => void;
  chooseLanguage: (language: Language) => void;
}

const AppearanceContext = createContext<Appearance | null>(null);
const THEME_KEY = "yinshu.theme";
const LANGUAGE_KEY = "yinshu.language";
const DARK_QUERY = "(prefers-color-scheme: dark)";

function storedTheme(): ThemeChoice {
  const stored = localStorage.getItem(THEME_KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function storedLanguage(): Language {
  return localStorage.getItem(LANGUAGE_KEY) === "en" ? "en" : "zh";
}

function useSystemMode(): Mode {
  const [dark, setDark] = useState(() => window.matchMedia(DARK_QUERY).matches);
  useEffect(() => {
    const query = window.matchMedia(DARK_QUERY);
    const listen = () => setDark(query.matches);
    query.addEventListener("change", listen);
    return () => query.removeEventListener("change", listen);
  }, []);
  return dark ? "dark" : "light";
}

/** Theme and language for everything below. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const system = useSystemMode();
  const [choice, setChoice] = useState<ThemeChoice>(storedTheme);
  const [language, setLanguage] = useState<Language>(storedLanguage);
  const mode = choice === "system" ? system : choice;
  useMemo(() => writeVariables(mode), [mode]);
  const appearance = useMemo<Appearance>(
    () => ({
      theme: choice,
      mode,
      language,
      chooseTheme: (next) => {
        localStorage.setItem(THEME_KEY, next);
        setChoice(next);
      },
      chooseLanguage: (next) => {
        localStorage.setItem(LANGUAGE_KEY, next);
        document.documentElement.lang = next === "en" ? "en" : "zh-CN";
        void i18n.changeLanguage(next);
        setLanguage(next);
      },
    }),
    [choice, mode, language],
  );
  return <AppearanceContext value={appearance}>{children}</AppearanceContext>;
}

/** The appearance chosen here. */
export function useAppearance(): Appearance {
  const appearance = use(AppearanceContext);
  if (!appearance) throw new Error("AppearanceProvider is missing");
  return appearance;
}
