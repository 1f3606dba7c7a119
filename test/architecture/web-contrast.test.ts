// Everybody can read it: contrast of the tokens, reckoned from the style sheet itself, in both themes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT } from './source-files.ts';

const sheet = readFileSync(path.join(PROJECT, 'console/web/src/ui/css/tokens.css'), 'utf8');

type Colour = readonly [number, number, number];

/** The tokens of a block as linear red, green and blue. */
function tokensOf(block: string): Map<string, Colour> {
  const found = block.matchAll(/--color-([\w-]+):\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g);
  return new Map([...found].map(([, name = '', l, c, h]) => [name, linearOf(Number(l), Number(c), Number(h))]));
}

/** OKLCH to linear sRGB, by the published matrices. What lies outside of sRGB is cut, as a plain screen does. */
function linearOf(lightness: number, chroma: number, hue: number): Colour {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const cut = (value: number) => Math.min(1, Math.max(0, value));
  return [
    cut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    cut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    cut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const luminance = ([red, green, blue]: Colour): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

function contrast(one: Colour, other: Colour): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const [light = '', dark = ''] = sheet.split('[data-theme="dark"]');
const themes = { light: tokensOf(light), dark: new Map([...tokensOf(light), ...tokensOf(dark)]) };

const GROUNDS = ['ground', 'surface', 'raised'];
const TEXTS = ['ink', 'muted', 'accent', 'up', 'down', 'changed', 'unknown', 'simulated'];
const MARKS = ['edge', 'fill', ...[1, 2, 3, 4, 5, 6].map((n) => `series-${n}`)];
const PAIRS: ReadonlyArray<readonly [string, string, number]> = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground, 4.5] as const)),
  ...MARKS.flatMap((mark) => ['ground', 'surface'].map((ground) => [mark, ground, 3] as const)),
  ['on-accent', 'accent', 4.5],
  ['on-down', 'down', 4.5],
  ['surface', 'ink', 4.5],
  ['ink', 'track', 4.5],
  ['ink', 'accent-wash', 4.5],
  ['ink', 'down-wash', 4.5],
];

test('black on white is 21:1, and every token of the pairs is there', () => {
  expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21, 5);
  for (const tokens of Object.values(themes))
    expect(PAIRS.flat().filter((name) => typeof name === 'string' && !tokens.has(name))).toEqual([]);
});

test.each(['light', 'dark'] as const)('in %s every text stands at 4.5:1, every mark and edge at 3:1', (theme) => {
  const tokens = themes[theme];
  const weak = PAIRS.map(([one, other, least]) => {
    const ratio = contrast(tokens.get(one) ?? [0, 0, 0], tokens.get(other) ?? [0, 0, 0]);
    return { pair: `${one} on ${other}`, ratio: ratio.toFixed(2), isWeak: ratio < least };
  }).filter(({ isWeak }) => isWeak);
  expect(weak).toEqual([]);
});
