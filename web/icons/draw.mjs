/**
 * Draws the icons of the installed app from public/icon.svg into public/icons, by a Chromium:
 *
 *   node icons/draw.mjs /usr/bin/chromium
 *
 * They are committed; this is for when the mark changes.
 */
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "@playwright/test";

const root = path.resolve(import.meta.dirname, "../public");
const mark = await readFile(path.join(root, "icon.svg"), "utf8");

// What a system cuts to its own shape fills its square, and keeps its mark in the middle four fifths.
const square = mark.replace('rx="8"', "");
const maskable = square.replace("<path", '<path transform="translate(3.2 3.2) scale(0.8)"');

const icons = [
  { name: "icon-192.png", svg: mark, size: 192 },
  { name: "icon-512.png", svg: mark, size: 512 },
  { name: "maskable-192.png", svg: maskable, size: 192 },
  { name: "maskable-512.png", svg: maskable, size: 512 },
  { name: "apple-touch-icon.png", svg: square, size: 180 },
];

const browser = await chromium.launch({ executablePath: process.argv[2] ?? "/usr/bin/chromium" });
const page = await browser.newPage();
await mkdir(path.join(root, "icons"), { recursive: true });
for (const { name, svg, size } of icons) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px }</style>${svg}`);
  await page.screenshot({ path: path.join(root, "icons", name), omitBackground: true });
}
await browser.close();
