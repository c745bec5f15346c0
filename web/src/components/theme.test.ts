import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("theme.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--color-([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
  ),
);

/** Text needs 4.5 : 1 (WCAG 1.4.3). */
const TEXT: Record<string, string[]> = {
  ink: ["canvas", "surface", "raised", "hover", "accent-soft"],
  "ink-muted": ["canvas", "surface", "raised", "hover"],
  "accent-ink": ["canvas", "surface", "raised", "hover", "accent-soft"],
  "on-accent": ["accent", "accent-strong", "priority-high", "priority-medium", "priority-low"],
  "danger-ink": ["canvas", "surface", "raised", "hover", "danger-soft"],
  "on-danger": ["danger", "danger-strong"],
  "warning-ink": ["canvas", "surface", "raised", "warning-soft"],
  "success-ink": ["canvas", "surface", "raised", "success-soft"],
  "due-overdue": ["canvas", "surface", "hover"],
  "due-today": ["canvas", "surface", "hover"],
  "due-soon": ["canvas", "surface", "hover"],
};

/** What shows a control or its state needs 3 : 1 (WCAG 1.4.11). */
const SHAPES: Record<string, string[]> = {
  "line-strong": ["canvas", "surface", "raised", "hover"],
  focus: ["canvas", "surface", "raised", "hover", "accent-soft"],
  accent: ["canvas", "surface", "raised", "hover"],
  danger: ["canvas", "surface", "raised"],
  "priority-high": ["canvas", "surface", "hover"],
  "priority-medium": ["canvas", "surface", "hover"],
  "priority-low": ["canvas", "surface", "hover"],
};

test.each([...pairs(TEXT, 4.5), ...pairs(SHAPES, 3)])("%s on %s can be seen in %s", (front, ground, theme, least) => {
  expect(contrast(colour(front, theme), colour(ground, theme))).toBeGreaterThanOrEqual(least);
});

test("every colour that text or shapes have is compared with a ground", () => {
  const grounds = new Set([...Object.values(TEXT), ...Object.values(SHAPES)].flat());
  const compared = new Set([...Object.keys(TEXT), ...Object.keys(SHAPES), ...grounds]);
  // A line between things shows nothing that is not seen without it.
  expect([...tokens.keys()].filter((name) => !compared.has(name))).toEqual(["line"]);
});

type Theme = "light" | "dark";

function pairs(table: Record<string, string[]>, least: number): [string, string, Theme, number][] {
  return Object.entries(table).flatMap(([front, grounds]) =>
    grounds.flatMap((ground): [string, string, Theme, number][] => [
      [front, ground, "light", least],
      [front, ground, "dark", least],
    ]),
  );
}

function colour(name: string, theme: Theme): string {
  const found = tokens.get(name);
  if (!found) throw new Error(`theme.css has no --color-${name}`);
  return found[theme];
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
