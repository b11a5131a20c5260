import { describe, expect, it } from "vitest";
import { PALETTES, type Mode } from "./tokens";

const AA = 4.5;

function luminance(colour: string): number {
  const channel = (at: number) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each<Mode>(["light", "dark"])("the %s palette", (mode) => {
  const c = PALETTES[mode];
  const pairs: [string, string, string][] = [
    ["text", c.text, c.surface],
    ["quiet text", c.textQuiet, c.ground],
    ["faint text", c.textFaint, c.ground],
    ["faint text when hovered", c.textFaint, c.hover],
    ["faint text in a chosen row", c.textFaint, c.inkSoft],
    ["faint text in a drawer", c.textFaint, c.raised],
    ["text at the quoted place", c.text, c.mark],
    ["primary buttons", c.onFill, c.fill],
    ["primary buttons when hovered", c.onFill, c.fillHover],
    ["ink", c.ink, c.inkSoft],
    ["jade", c.jade, c.jadeSoft],
    ["amber", c.amber, c.amberSoft],
    ["cinnabar", c.cinnabar, c.cinnabarSoft],
  ];
  it.each(pairs)("keeps %s readable (AA)", (_, front, back) => {
    expect(contrast(front, back)).toBeGreaterThanOrEqual(AA);
  });
});
