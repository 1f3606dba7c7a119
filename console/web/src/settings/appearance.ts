// Theme and density: a person's choice, kept in this browser, told to the page as attributes of <html>.
import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from './stored.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const DENSITIES = ['comfortable', 'compact'] as const;
export type Density = (typeof DENSITIES)[number];

interface Appearance {
  theme: Theme;
  /** What the theme comes to at this moment. */
  isDark: boolean;
  density: Density;
}

const oneOf = <Choice extends string>(choices: readonly Choice[], stored: string | null): Choice | undefined =>
  choices.find((choice) => choice === stored);

function read(): Appearance {
  const theme = oneOf(THEMES, readStored('rmm-theme')) ?? 'system';
  const isDark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  return { theme, isDark, density: oneOf(DENSITIES, readStored('rmm-density')) ?? 'comfortable' };
}

let current: Appearance | undefined;
const listeners = new Set<() => void>();

function apply(): void {
  current = read();
  document.documentElement.dataset['theme'] = current.isDark ? 'dark' : 'light';
  document.documentElement.dataset['density'] = current.density;
  for (const listener of listeners) listener();
}

/** Once, before the first render: follows the system and other tabs from then on. */
export function followAppearance(): void {
  apply();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  window.addEventListener('storage', apply);
}

export function chooseTheme(theme: Theme): void {
  writeStored('rmm-theme', theme);
  apply();
}

export function chooseDensity(density: Density): void {
  writeStored('rmm-density', density);
  apply();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const snapshot = (): Appearance => {
  current ??= read();
  return current;
};

export const useAppearance = (): Appearance => useSyncExternalStore(subscribe, snapshot);
