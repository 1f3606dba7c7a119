// Looks in a page for what only a hostile text could have put there: elements that load or run something, handlers, addresses that are code.

/** Elements that no page of ours has; scripts and links of ours stand in the head. */
const FOREIGN =
  'body script:not([src^="/assets/"]), iframe, frame, object, embed, base, meta[http-equiv], body link, body style, form[action], video, audio, math, template, noscript, animate, set';

/** What stands in the query of a place of ours is text. */
const isElsewhere = (address: string): boolean =>
  URL.canParse(address, location.href) && new URL(address, location.href).hostname.endsWith('evil.example');

function isCode(element: Element): boolean {
  return [...element.attributes].some(({ name, value }) => {
    if (name.startsWith('on') || name === 'srcdoc') return true;
    if (!/^(?:href|src|action|formaction|data|xlink:href|poster)$/.test(name)) return false;
    // Browsers leave spaces and controls out of an address before they read its scheme.
    const address = value.replaceAll(/[\p{Cc} ]/gu, '').toLowerCase();
    if (name === 'href' && element.tagName === 'LINK') return false;
    return /^(?:javascript|vbscript|data):/.test(address) || isElsewhere(value);
  });
}

function injected(): string[] {
  const foreign = [...document.querySelectorAll(FOREIGN)];
  const code = [...document.body.querySelectorAll('*')].filter(isCode);
  return [...foreign, ...code].map((element) => element.outerHTML.slice(0, 200));
}

Object.assign(globalThis, { rmmInjected: injected });
