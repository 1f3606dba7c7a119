// Links as one cell says them: "label | address", several between semicolons.
import { DeviceLink } from '#shared/model/device.ts';
import { escapeIn, splitCells } from './lists.ts';

export const formatLink = ({ label, url }: { label: string; url: string }): string =>
  `${escapeIn(label, '|')} | ${escapeIn(url, '|')}`;

/** Undefined for a text that is no link. */
export function parseLink(text: string): DeviceLink | undefined {
  const [label, url, ...rest] = splitCells(text, '|').map((part) => part.trim());
  if (rest.length > 0) return undefined;
  return DeviceLink.safeParse({ label, url }).data;
}
