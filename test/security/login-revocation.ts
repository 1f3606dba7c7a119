// How soon somebody who is put out is out: sessions, tokens and live streams, each measured from the deed to the end.
import { systemClock } from '#shared/base/clock.ts';
import type { Estate } from '#test/e2e/composed-site.ts';
import { signedInCookie } from './csrf.ts';

const DAY_MS = 24 * 3_600_000;
/** A stream that is not ended by then is told as one that was not. */
const PATIENCE_MS = 20_000;

type Headers = Record<string, string>;

/** Opens the live feed; resolves with when it ended. */
async function follow(url: string, headers: Headers): Promise<{ ended: Promise<number> }> {
  const answer = await fetch(`${url}/api/changes?fleet=true`, { headers });
  if (answer.status !== 200 || answer.body === null) throw new Error(`the feed answered ${answer.status}`);
  const reader = answer.body.getReader();
  // What it says first: from here on it is open.
  await reader.read();
  const over = new AbortController();
  const read = async () => {
    for (;;) {
      const part = await reader.read().catch(() => ({ done: true }));
      if (part.done) return systemClock.monotonic();
    }
  };
  const never = () => Infinity;
  const patience = systemClock.sleep(PATIENCE_MS, over.signal).then(never, never);
  // A wait that nobody ends keeps the process for as long.
  return { ended: Promise.race([read(), patience]).finally(() => over.abort()) };
}

async function measure(url: string, headers: Headers, end: () => Promise<unknown>): Promise<number> {
  const stream = await follow(url, headers);
  const began = systemClock.monotonic();
  await end();
  const endedAt = await stream.ended;
  const { status } = await fetch(`${url}/api/me`, { headers });
  return status === 401 && Number.isFinite(endedAt) ? endedAt - began : PATIENCE_MS;
}

/** The longest of all ways to be put out. */
export async function revocation({ api, url, ...estate }: Estate): Promise<{ outAfterMs: number; waysOut: number }> {
  const browser = async () => ({ cookie: `rmm=${await signedInCookie({ api, url })}` });
  const script = async () => {
    const asked = { name: 'script', expiresAt: systemClock.now() + DAY_MS, verbs: ['*'] };
    const { secret, token } = await api.tokens.create({ ...asked, over: [{ kind: 'everything' }] });
    return { id: token.id, headers: { authorization: `Bearer ${secret}` } };
  };
  const invited = async () => {
    const viewer = { over: { kind: 'everything' }, role: 'viewer' } as const;
    const { person, invitation } = await api.people.create({ name: `guest ${systemClock.now()}`, grants: [viewer] });
    const secret = invitation.url.split('#')[1];
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/session`, { method: 'POST', headers, body: JSON.stringify({ secret }) });
    const cookie = /^rmm=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
    // Enrolled: the feed is not for those who must still make a factor.
    estate.database.prepare('update session set must_enrol = 0 where person_id = ?').run(person.id);
    return { id: person.id, headers: { cookie: `rmm=${cookie}` } };
  };
  const [one, all, token, disabled, removed] = [
    await browser(),
    await browser(),
    await script(),
    await invited(),
    await invited(),
  ];
  const times = [
    await measure(url, one, async () => {
      const [newest] = (await api.session.list({})).items.filter(({ via }) => via === 'link').slice(1, 2);
      await api.session.end({ id: newest?.id ?? '' });
    }),
    await measure(url, all, () => api.session.endAll({})),
    await measure(url, token.headers, () => api.tokens.remove({ id: token.id })),
    await measure(url, disabled.headers, () => api.people.update({ id: disabled.id, isDisabled: true })),
    await measure(url, removed.headers, () => api.people.remove({ id: removed.id })),
  ];
  return { outAfterMs: Math.round(Math.max(...times)), waysOut: times.length };
}
