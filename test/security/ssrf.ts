// A hundred and twenty URLs, names that turn around and answers that point inside: nothing behind the console is reached through it.
import type { LookupAddress } from 'node:dns';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { guardedFetch } from '#console/outgoing/guarded-fetch.ts';
import { systemClock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { Ending } from './ending.ts';
import type { Attack } from './security.ts';
import { setTraps, type Traps } from './ssrf-traps.ts';
import { NAMES, ssrfUrls } from './ssrf-urls.ts';

/** So that a listener that hangs costs this command a moment. */
const WHOLE_MS = 1_500;
const MAX_ANSWER_BYTES = 64 * 1024;
const NAMED_AT = '127.0.0.3';

const addressOf = (address: string): LookupAddress => ({ address, family: isIP(address.replace(/%.*$/, '')) });

/** "turning" leads where it may at first, and to a trap whenever it is asked again. */
function resolver() {
  let turns = 0;
  return async (name: string): Promise<LookupAddress[]> => {
    if (name === 'named.example.org') return [addressOf(NAMED_AT)];
    if (name === 'turning.example.org') {
      turns += 1;
      return [addressOf(turns === 1 ? NAMED_AT : '127.0.0.1')];
    }
    const known = NAMES.get(name) ?? (/^localhost|^ip6-/.test(name) ? ['127.0.0.1'] : []);
    return known.map(addressOf);
  };
}

/** What a place answers that may be asked, and would lead on or hold us. */
function leadOn(port: number) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const [, kind, value] = (request.url ?? '').split('/');
    const inside = `https://127.0.0.1:${port}/led`;
    if (kind === 'redirect') response.writeHead(Number(value), { location: inside }).end();
    else if (kind === 'refresh')
      response.writeHead(200, { refresh: `0;url=${inside}`, link: `<${inside}>; rel=preload` }).end();
    else if (kind === 'large') response.end(Buffer.alloc(MAX_ANSWER_BYTES * 4));
    else if (kind === 'packed') response.writeHead(200, { 'content-encoding': 'gzip' }).end('packed');
    else if (kind === 'silent') response.write('a');
    else response.end('outer');
  };
}

/** How many of the URLs reach a trap where somebody asks as most programs do. */
async function reachedWithoutGuard({ trap, ports }: Traps, urls: readonly string[]): Promise<number> {
  const lookup = resolver();
  const before = trap.paths.length;
  for (const text of urls) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol !== 'https:' || ![`${ports.tls}`, `${ports.odd}`].includes(url.port)) continue;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const [found] = isIP(host) === 0 ? await lookup(host) : [addressOf(host)];
    // Loopback alone: this is a test, and other machines are none of its business.
    if (found === undefined || !/^(127\.|0\.0\.0\.0$|::1?$|::ffff:7f)/.test(found.address)) continue;
    await new Promise<void>((resolve) => {
      const address = found.address.replace(/^::ffff:7f00:1$/, '127.0.0.1');
      const options = { host: address, port: url.port, path: url.pathname, rejectUnauthorized: false, agent: false };
      const asked = https.get(options, (answer) => answer.resume().once('close', () => resolve()));
      asked.on('error', () => resolve());
    });
  }
  return trap.paths.length - before;
}

interface Tried {
  /** Code of the refusal, or the status of an answer. */
  end: string;
}

export const attackSsrf: Attack = async ({ say }) => {
  const begin = systemClock.monotonic();
  await using ending = new Ending();
  const late: { port: number } = { port: 0 };
  const traps = await setTraps(ending.add, (request, response) => leadOn(late.port)(request, response));
  const { ports, trap, named } = traps;
  late.port = ports.tls;
  const allow = new Set([`https://named.example.org:${ports.tls}`, `https://turning.example.org:${ports.tls}`]);
  const rules = { allow, ports: new Set([443, ports.tls, ports.plain]) };
  const ask = guardedFetch({
    rules,
    lookup: resolver(),
    ca: traps.ca,
    wholeMs: WHOLE_MS,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  const tryIt = (url: string, init?: RequestInit): Promise<Tried> =>
    ask(url, init).then(
      ({ status }) => ({ end: String(status) }),
      (error: unknown) => ({ end: describeError(error).code }),
    );

  const urls = ssrfUrls(ports);
  const answered: string[] = [];
  for (const url of urls) {
    const { end } = await tryIt(url);
    if (/^\d/.test(end) || trap.connections > 0) answered.push(`${JSON.stringify(url)} ended with ${end}`);
  }
  for (const line of answered) say(line);
  const led = await leadAstray(traps, tryIt);
  for (const line of led) say(line);
  const breaches = answered.length + trap.connections + led.length;
  const base = `https://named.example.org:${ports.tls}`;
  const letThrough = (await tryIt(`${base}/plain`)).end === '200' && named.paths.includes('/plain') ? 1 : 0;
  const unguarded = await reachedWithoutGuard(traps, urls);
  const figures = { urls: urls.length, breaches, letThrough, unguarded };
  return { name: 'security ssrf', figures, durationMs: systemClock.monotonic() - begin };
};

/** Answers of a place that may be asked, headers that aim elsewhere, a proxy of the environment, a name that turns around: what went wrong. */
async function leadAstray({ ports, named }: Traps, tryIt: (url: string, init?: RequestInit) => Promise<Tried>) {
  const base = `https://named.example.org:${ports.tls}`;
  const expected: ReadonlyArray<readonly [url: string, end: string, init?: RequestInit]> = [
    ...[301, 302, 303, 307, 308].map((status) => [`${base}/redirect/${status}`, String(status)] as const),
    [`${base}/redirect/307`, '307', { method: 'POST', body: 'x', redirect: 'follow' }],
    [`${base}/refresh`, '200'],
    [`${base}/large`, 'too-large'],
    [`${base}/packed`, 'unavailable'],
    [`${base}/silent`, 'timed-out'],
    [`${base}/host`, '200', { headers: { host: '127.0.0.1', 'x-forwarded-host': '127.0.0.1' } }],
    [`https://turning.example.org:${ports.tls}/turned`, '200'],
  ];
  const wrong: string[] = [];
  process.env['HTTPS_PROXY'] = `http://127.0.0.1:${ports.plain}`;
  process.env['https_proxy'] = `http://127.0.0.1:${ports.plain}`;
  for (const [url, end, init] of expected) {
    const tried = await tryIt(url, init);
    if (tried.end !== end) wrong.push(`${url} ended with ${tried.end}, not ${end}`);
  }
  delete process.env['HTTPS_PROXY'];
  delete process.env['https_proxy'];
  if ([...named.hosts].some((host) => !/^(named|turning)\.example\.org:/.test(host)))
    wrong.push('a Host header was chosen');
  return wrong;
}
