// People on the made-up console: how they sign in, where they are signed in, what they may do and what was done.
import { ORPCError } from '@orpc/server';
import { systemClock } from '#shared/base/clock.ts';
import type { Guarded } from './fixture-console.ts';

const DAY_MS = 86_400_000;
const now = () => systemClock.now();
const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
/** Hostile on purpose: whoever has a browser chooses what it calls itself. */
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) "><script>throw 1</script> Chrome/141.0 Safari/537.36';

const profile = () => ({
  person: id(1),
  name: 'owner',
  passkeys: [
    { id: id(11), name: 'laptop', rpId: 'localhost', createdAt: now() - 40 * DAY_MS, lastUsedAt: now() - 3_600_000 },
    { id: id(12), name: 'phone', rpId: 'localhost', createdAt: now() - 9 * DAY_MS, lastUsedAt: null },
  ],
  hasPassword: true,
  hasTotp: true,
  recoveryLeft: 8,
  oidc: null,
  isEnrolled: true,
});

const session = (n: number, more: object = {}) => ({
  id: id(20 + n),
  createdAt: now() - n * 3_600_000,
  lastSeenAt: now() - n * 60_000,
  expiresAt: now() + 8 * 3_600_000,
  via: 'passkey',
  address: '192.0.2.7',
  agent: AGENT,
  isCurrent: n === 0,
  ...more,
});

const token = () => ({
  id: id(31),
  name: 'nightly export',
  person: id(1),
  createdAt: now() - DAY_MS,
  expiresAt: now() + 29 * DAY_MS,
  lastUsedAt: now() - 7_200_000,
  lastUsedFrom: '10.0.0.9',
  verbs: ['device.read', 'site.read'],
  over: [{ kind: 'everything' as const }],
  addresses: ['10.0.0.0/8'],
  isSteppedUp: false,
  isLocal: false,
});

const refuse = (): never => {
  throw new ORPCError('UNAUTHENTICATED', { status: 401, message: 'nobody was signed in' });
};

export const peopleRoutes = (guarded: Guarded) => ({
  profile: { show: guarded.profile.show.handler(profile) },
  tokens: { list: guarded.tokens.list.handler(() => ({ items: [token()] })) },
});

/** Beside those of signing in by a link. */
export const sessionRoutes = (guarded: Guarded) => ({
  methods: guarded.session.methods.handler(() => ({
    passkey: { rpId: 'localhost' },
    oidc: { label: 'Example ID', path: '/sign-in/oidc' },
  })),
  password: guarded.session.password.handler(refuse),
  list: guarded.session.list.handler(() => ({
    items: [session(0), session(1, { via: 'password', address: '2001:db8::7' }), session(5, { agent: null })],
  })),
});
