// Which addresses become links: pages of the web, never anything that runs.

/** Undefined for what a browser would not open as a page. */
export function safeLink(url: string): { href: string; host: string } | undefined {
  if (!URL.canParse(url.trim())) return undefined;
  const { protocol, href, host } = new URL(url.trim());
  return /^https?:$/.test(protocol) && host !== '' ? { href, host } : undefined;
}
