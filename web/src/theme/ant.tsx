/** Ant Design in our colours, with messages and dialogs; only what is behind the sign-in page needs it. */
import { App, ConfigProvider, theme, type ThemeConfig } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useMemo, type ReactNode } from "react";
import { useAppearance } from "./appearance";
import { FONT, FONT_CODE, PALETTES, type Mode } from "./tokens";

/** Ant Design's theme of a mode. */
function themeOf(mode: Mode): ThemeConfig {
  const c = PALETTES[mode];
  return {
    algorithm: mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    cssVar: { key: "yinshu" },
    hashed: false,
    token: {
      colorPrimary: mode === "dark" ? "#5E8AC2" : c.ink,
      colorLink: c.ink,
      colorSuccess: c.jade,
      colorWarning: c.amber,
      colorError: c.cinnabar,
      colorInfo: c.ink,
      colorText: c.text,
      colorTextSecondary: c.textQuiet,
      colorTextTertiary: c.textFaint,
      colorTextDescription: c.textFaint,
      colorTextPlaceholder: c.textFaint,
      colorBgLayout: c.ground,
      colorBgContainer: c.surface,
      colorBgElevated: c.raised,
      colorBorder: c.line,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      borderRadius: 8,
      fontSize: 14,
      lineHeight: 1.6,
      fontFamily: FONT,
      fontFamilyCode: FONT_CODE,
      sizeUnit: 4,
      wireframe: false,
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.16s",
    },
    components: {
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        defaultHoverColor: c.ink,
        defaultHoverBorderColor: c.ink,
        defaultActiveColor: c.ink,
        defaultActiveBorderColor: c.ink,
      },
      Tabs: { itemSelectedColor: c.ink, itemHoverColor: c.ink, itemActiveColor: c.ink, inkBarColor: c.ink },
      Pagination: { itemActiveColor: c.ink, itemActiveColorHover: c.ink },
      Table: { headerBg: c.ground, headerColor: c.textQuiet, cellPaddingBlock: 10 },
    },
  };
}

/** The look of every control below. */
export function AntTheme({ children }: { children: ReactNode }) {
  const { mode, language } = useAppearance();
  const look = useMemo(() => themeOf(mode), [mode]);
  return (
    <ConfigProvider theme={look} locale={language === "en" ? enUS : zhCN} button={{ autoInsertSpace: false }}>
      <App>{children}</App>
    </ConfigProvider>
  );
}
