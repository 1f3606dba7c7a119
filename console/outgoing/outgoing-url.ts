// Reads a URL that a person has set, and refuses what is written to be misread, before any name is looked up.
import { isIP } from 'node:net';
import { AppError } from '#shared/base/errors.ts';

/** Beside 443 where services of the web commonly stand; every other port is named in the configuration. */
export const WEB_PORTS: ReadonlySet<number> = new Set([443, 8443]);
/** Longer than any that is typed; shorter than what makes logs of proxies break. */
const MAX_URL = 2_048;

export interface OutgoingRules {
  /** Origins ("https://id.inner.example:9443") that may stand inside, speak plain HTTP or use another port. */
  allow: ReadonlySet<string>;
  /** Those for everybody; a test's own listeners stand elsewhere. */
  ports?: ReadonlySet<number>;
}

export interface OutgoingTarget {
  url: URL;
  /** Without brackets. */
  host: string;
  port: number;
  /** The configuration names this very origin. */
  isNamed: boolean;
}

/** Throws `denied`; the message holds the host alone, as a path or a query may be a secret. */
export function readOutgoingUrl(text: string, rules: OutgoingRules): OutgoingTarget {
  const url = parse(text);
  const refuse = (why: string) => new AppError('denied', `${url.host.slice(0, 100)}: ${why}`);
  if (url.username !== '' || url.password !== '') throw refuse('a URL holds no name and no password');
  const isNamed = rules.allow.has(url.origin);
  if (url.protocol !== 'https:' && !isNamed) throw refuse('only https is spoken to other machines');
  if (!isPlainlyWritten(text, url)) throw refuse('its host is written so that it can be misread');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  if (isNamed) return { url, host, port, isNamed };
  if (!(rules.ports ?? WEB_PORTS).has(port)) throw refuse(`port ${port} is none of the web's`);
  // A name without a dot is completed by the search list of this machine, and these ends belong to the inside.
  if (isIP(host) === 0 && (!host.includes('.') || /\.(localhost|local|internal|intranet|lan|home\.arpa)$/.test(host)))
    throw refuse('such a name belongs to the inside');
  return { url, host, port, isNamed };
}

function parse(text: string): URL {
  const isGood = text.length <= MAX_URL && /^https?:\/\//i.test(text) && URL.canParse(text);
  if (!isGood) throw new AppError('denied', 'a URL begins with https:// and a host, and has at most 2,048 characters');
  return new URL(text);
}

/**
 * What stands in the text must be what is spoken to: no tabs, backslashes, escapes or letters that are folded into others,
 * no number that reads as an address only to some, no dot at the end.
 */
function isPlainlyWritten(text: string, url: URL): boolean {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(text)?.[1]?.toLowerCase() ?? '';
  const plain = url.port === '' ? authority.replace(url.protocol === 'https:' ? /:443$/ : /:80$/, '') : authority;
  return /^[!-~]*$/.test(text) && !text.includes('\\') && plain === url.host && !url.hostname.endsWith('.');
}
