// The German texts of every room, in one chunk that only German pages load.
import type { Texts } from './message.ts';

const files = import.meta.glob<{ de: Texts }>('/src/**/text.de.ts', { eager: true });

/** By the room's folder: "/src/fleet/text.de.ts" is "fleet". */
export const german: Readonly<Record<string, Texts>> = Object.fromEntries(
  Object.entries(files).map(([file, { de }]) => [file.slice('/src/'.length, -'/text.de.ts'.length), de]),
);
