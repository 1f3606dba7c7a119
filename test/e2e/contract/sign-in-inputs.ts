// Good inputs for the operations of sign-in: made with an authenticator app and a passkey of the test's own.
import { totpCode, totpStep } from '#console/access/totp.ts';
import { systemClock } from '#shared/base/clock.ts';
import { signInPasskey } from '#test/fixtures/sign-in-passkey.ts';
import { fromBase32 } from '#test/repository/sign-in-kit.ts';
import type { Input, World } from './good-inputs.ts';

const PASSWORD = 'a quiet river in March';
const DAY_MS = 24 * 3_600_000;

const placeOf = ({ estate }: World) => ({ origin: estate.url, rpId: 'localhost' });
const code = (secret: Buffer, ahead = 0) => totpCode(secret, totpStep(systemClock.now()) + ahead);

/** A code of the app confirms it; the code of the next step is left. */
async function newApp({ api }: World): Promise<Buffer> {
  return fromBase32((await api.profile.newTotp()).secret);
}

async function madePasskey(world: World) {
  const passkey = await signInPasskey(`contract ${world.next()}`);
  const { challenge } = await world.api.profile.passkeyChallenge();
  return { passkey, made: { ...(await passkey.make(challenge, placeOf(world))), name: 'telephone' } };
}

async function keptPasskey(world: World) {
  const { passkey, made } = await madePasskey(world);
  const { passkeys } = await world.api.profile.addPasskey(made);
  return { passkey, id: passkeys.at(-1)?.id };
}

async function newToken({ api }: World): Promise<string> {
  const asked = { name: 'script', expiresAt: systemClock.now() + DAY_MS, verbs: ['device.read'] };
  return (await api.tokens.create({ ...asked, over: [{ kind: 'everything' }] })).token.id;
}

export const SIGN_IN_INPUTS: Readonly<Record<string, (world: World) => Input | Promise<Input>>> = {
  'session.password': async (world) => {
    const { name } = await world.api.session.me();
    await world.api.profile.putPassword({ password: PASSWORD });
    const { codes } = await world.api.profile.newRecoveryCodes();
    return { name, password: PASSWORD, code: codes[0] };
  },
  'session.passkey': async (world) => {
    const { passkey } = await keptPasskey(world);
    const { challenge } = await world.api.session.passkeyChallenge();
    return passkey.answer(challenge, placeOf(world));
  },
  'session.end': async ({ api }) => {
    await api.session.create({ secret: (await api.session.createLink()).url.split('#')[1] ?? '' });
    return { id: (await api.session.list({})).items[0]?.id };
  },
  'profile.putPassword': () => ({ password: PASSWORD }),
  'profile.confirmTotp': async (world) => ({ code: code(await newApp(world)) }),
  'profile.removeTotp': async (world) => {
    await keptPasskey(world);
    return {};
  },
  'profile.addPasskey': async (world) => (await madePasskey(world)).made,
  'profile.removePasskey': async (world) => {
    await keptPasskey(world);
    return { id: (await keptPasskey(world)).id };
  },
  'tokens.create': ({ next }) => ({
    name: `script ${next()}`,
    expiresAt: systemClock.now() + DAY_MS,
    verbs: ['device.read'],
    over: [{ kind: 'everything' }],
    addresses: ['10.0.0.0/8'],
  }),
  'tokens.remove': async (world) => ({ id: await newToken(world) }),
  // By a session alone: with a token the answer says so.
  'session.stepUp': () => ({ code: '123456' }),
  'session.stepUpPasskey': async (world) => {
    const { passkey } = await keptPasskey(world);
    const { challenge } = await world.api.session.passkeyChallenge();
    return passkey.answer(challenge, placeOf(world));
  },
};
