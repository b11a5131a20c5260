/** Every colour, size and radius of the portal, light and dark; nothing else may name one. */
export type Mode = "light" | "dark";

interface Palette {
  /** Identity and primary actions. */
  ink: string;
  inkSoft: string;
  /** Behind the words of a primary button. */
  fill: string;
  fillHover: string;
  onFill: string;
  /** Danger and refusal only. */
  cinnabar: string;
  cinnabarSoft: string;
  /** Verified only. */
  jade: string;
  jadeSoft: string;
  /** Needs a person. */
  amber: string;
  amberSoft: string;
  text: string;
  textQuiet: string;
  textFaint: string;
  line: string;
  ground: string;
  surface: string;
  raised: string;
  hover: string;
  mark: string;
}

const LIGHT: Palette = {
  ink: "#1F3A5F",
  inkSoft: "#E9EEF5",
  fill: "#1F3A5F",
  fillHover: "#2F5078",
  onFill: "#FFFFFF",
  cinnabar: "#B93E28",
  cinnabarSoft: "#FBEDE9",
  jade: "#2E7D5B",
  jadeSoft: "#F0F8F4",
  amber: "#8A5A00",
  amberSoft: "#FBF2DF",
  text: "#23211E",
  textQuiet: "#5F5B55",
  textFaint: "#6F6A63",
  line: "#E4E0DA",
  ground: "#F7F5F2",
  surface: "#FFFFFF",
  raised: "#FFFFFF",
  hover: "#F1EEE9",
  mark: "#FFF1C2",
};

const DARK: Palette = {
  ink: "#8FB1DD",
  inkSoft: "#22304A",
  fill: "#3F6397",
  fillHover: "#4B72AA",
  onFill: "#FFFFFF",
  cinnabar: "#F08A73",
  cinnabarSoft: "#3B211C",
  jade: "#6FC79F",
  jadeSoft: "#1A3228",
  amber: "#E2B25A",
  amberSoft: "#372B14",
  text: "#ECE9E4",
  textQuiet: "#B5B0A8",
  textFaint: "#A5A098",
  line: "#3A3733",
  ground: "#191816",
  surface: "#211F1D",
  raised: "#2A2825",
  hover: "#2F2C29",
  mark: "#4A3D14",
};

export const PALETTES: Record<Mode, Palette> = { light: LIGHT, dark: DARK };

export const FONT =
  '"PingFang SC", "HarmonyOS Sans SC", "HarmonyOS Sans", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif';
export const FONT_CODE = 'ui-monospace, "SFMono-Regular", Consolas, "Noto Sans Mono CJK SC", monospace';

/** Our own style sheets read the same colours as `--ink`, `--text-quiet` and so on. */
export function writeVariables(mode: Mode, root: HTMLElement = document.documentElement): void {
  for (const [name, value] of Object.entries(PALETTES[mode])) {
    const variable = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    root.style.setProperty(`--${variable}`, value as string);
  }
  root.style.setProperty("--font", FONT);
  root.style.setProperty("--font-code", FONT_CODE);
  root.style.colorScheme = mode;
  root.dataset.theme = mode;
}
