// Tells early.js, in an attribute of its script, what each page is made of: it is then asked for beside the entry, not after it has run.
import path from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** What a path shows, below src; one that ends in a slash is the beginning of paths, unless it is all; `$` is any one part. The first that fits counts. */
export const PAGES: Readonly<Record<string, string>> = {
  '/': 'overview/overview-page.tsx',
  '/fleet': 'fleet/fleet-page.tsx',
  '/devices/new': 'add-device/add-device-page.tsx',
  '/devices/$/terminal': 'terminal/terminal-page.tsx',
  '/devices/': 'device/device-page.tsx',
  '/incidents': 'incidents/incidents-page.tsx',
  '/incidents/': 'incidents/incident-page.tsx',
  '/alerts/': 'incidents/alert-page.tsx',
  '/notifications': 'notify/log-page.tsx',
  '/notifications/routes': 'notify/routes-page.tsx',
  '/notifications/escalations': 'notify/escalations-page.tsx',
  '/notifications/on-call': 'notify/on-call-page.tsx',
  '/notifications/contacts': 'notify/contacts-page.tsx',
  '/notifications/channels': 'notify/channels-page.tsx',
  '/acknowledge': 'acknowledge/acknowledge-page.tsx',
  '/sites': 'sites/sites-page.tsx',
  '/sites/': 'sites/site-page.tsx',
  '/customers': 'sites/customers-page.tsx',
  '/groups': 'groups/groups-page.tsx',
  '/tags': 'groups/tags-page.tsx',
  '/import': 'transfer/import-page.tsx',
  '/relays': 'relays/relays-page.tsx',
  '/metrics': 'metrics/explorer-page.tsx',
  '/storage': 'storage/storage-page.tsx',
  '/orders/new': 'orders/new-order-page.tsx',
  '/orders/': 'orders/order-page.tsx',
  '/approvals': 'orders/approvals-page.tsx',
  '/approvals/': 'orders/approval-page.tsx',
  '/scripts': 'scripts/scripts-page.tsx',
  '/scripts/': 'scripts/script-page.tsx',
  '/standing': 'standing/standing-page.tsx',
  '/standing/new': 'standing/new-standing-page.tsx',
  '/standing/': 'standing/standing-order-page.tsx',
  '/policies': 'policies/policies-page.tsx',
  '/policies/layer': 'policies/layer-page.tsx',
  '/policies/windows': 'policies/windows-page.tsx',
  '/policies/sign': 'policies/sign-page.tsx',
  '/policies/devices/': 'policies/explain-page.tsx',
  '/signers': 'signing/signers-page.tsx',
  '/credentials': 'trust/credentials-page.tsx',
  '/credentials/seal': 'trust/seal-page.tsx',
  '/credentials/': 'trust/credential-page.tsx',
  '/reference': 'reference/reference-page.tsx',
  '/audit': 'audit/audit-page.tsx',
  '/people': 'people/people-page.tsx',
  '/people/': 'people/person-page.tsx',
  '/roles': 'people/roles-page.tsx',
  '/profile': 'profile/profile-page.tsx',
  '/sign-in': 'door/sign-in-page.tsx',
  '/set-up': 'door/set-up-page.tsx',
};

/** The letters of most texts; found by the style sheet, it would come when the page stands already, and move it all. */
const FONT = /inter-latin-wght-normal-[^/]*\.woff2$/;

type Bundle = Rolldown.OutputBundle;

/** A chunk, what it imports at once, and the styles of both, without what the page loads anyway. */
function filesOf(bundle: Bundle, file: string, known: ReadonlySet<string>): string[] {
  const found = new Set([file]);
  // A set that grows is walked to its end.
  for (const name of found) {
    const part = bundle[name];
    if (part?.type !== 'chunk') continue;
    for (const next of [...part.imports, ...(part.viteMetadata?.importedCss ?? [])]) found.add(next);
  }
  return [...found].filter((name) => !known.has(name));
}

/** "/fleet a.js b.js;/sites c.js;": paths and files have neither spaces nor semicolons. `src` is where the pages are. */
export function aheadText(bundle: Bundle, src: string): string {
  const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
  const entry = chunks.find((chunk) => chunk.isEntry)?.fileName ?? '';
  const first = new Set(filesOf(bundle, entry, new Set()));
  const font = Object.keys(bundle).filter((name) => FONT.test(name));
  const lines = Object.entries(PAGES).map(([of, module]) => {
    const page = chunks.find((chunk) => chunk.facadeModuleId === path.join(src, module));
    if (page === undefined) throw new Error(`no chunk of its own: ${module}`);
    return [of, ...filesOf(bundle, page.fileName, first), ...font].join(' ');
  });
  return lines.join(';');
}

export function pagesAhead(src: string): Plugin {
  return {
    name: 'pages-ahead',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle }) =>
        html.replace('src="/early.js"', `$& data-pages="${bundle === undefined ? '' : aheadText(bundle, src)}"`),
    },
  };
}
