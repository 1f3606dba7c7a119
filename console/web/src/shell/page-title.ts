// The tab's title and icon: where one is, and how many devices are down, seen from any other tab.
import { useEffect } from 'react';
import { t } from './text.ts';

/** More no tab shows. */
const MAX_NAME = 60;
/** A picture is decoded where the page is drawn, so the page comes with an empty one: what people look at goes first. */
const ICON_MS = 500;
let down = 0;
let page = '';
let icon: 'none' | 'coming' | 'shown' = 'none';

export function setDownCount(count: number): void {
  if (count === down) return;
  down = count;
  show();
}

/** Names the page; one page at a time has a name. */
export function usePageTitle(name: string): void {
  useEffect(() => {
    // A device may be called anything, at any length.
    page = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
    show();
  }, [name]);
}

/** What the page calls itself. */
export const pageName = (): string => (page === '' ? 'RMM' : page);

function show(): void {
  const parts = [down > 0 ? t('downCount', { count: down }) : '', page === '' ? 'RMM' : `${page} · RMM`];
  document.title = parts.filter((part) => part !== '').join(' ');
  // The first one waits; what changes later is seen at once.
  if (icon === 'shown') showIcon();
  else if (icon === 'none') {
    icon = 'coming';
    setTimeout(showIcon, ICON_MS);
  }
}

function showIcon(): void {
  icon = 'shown';
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const href = down === 0 ? '/icon.svg' : countIcon(down);
  // The same picture put there once more would be fetched and decoded once more.
  if (link !== null && link.getAttribute('href') !== href) link.href = href;
}

/** A picture in the URL itself: the pages' policy allows those for images alone. */
function countIcon(count: number): string {
  const text = count > 99 ? '99' : String(count);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#b3261e"/><text x="16" y="23" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="${text.length > 1 ? 18 : 21}" fill="#fff">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
