// People with their ways in, for the suites of sign-in: one store, a fake clock, real hashes.
import type { Caller, PersonActor } from '#console/access/can.ts';
import { Doors } from '#console/access/doors.ts';
import { Factors } from '#console/access/factors.ts';
import { GuessBrake } from '#console/access/guess-brake.ts';
import { PasskeyChallenges } from '#console/access/passkey-proof.ts';
import { PasswordHasher } from '#console/access/password-hash.ts';
import { People } from '#console/access/people.ts';
import { secretBox } from '#console/access/secret-box.ts';
import { totpCode, totpStep } from '#console/access/totp.ts';
import { caller, makeEstate } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

export const HERE = { origin: 'http://localhost:8080', rpId: 'localhost' } as const;
export const FROM = { address: '192.0.2.7', agent: 'a browser' } as const;
export const PASSWORD = 'a quiet river in March';

const BITS = 5;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The bytes of what a person would type into the app. */
export function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(BITS, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

export async function openSignIn(engine: TestEngine) {
  const estate = await makeEstate(engine);
  const { clock } = estate;
  const people = new People(estate);
  const hasher = new PasswordHasher({ clock });
  const challenges = new PasskeyChallenges({ clock });
  const shared = { ...estate, people, hasher, challenges, box: secretBox(Buffer.alloc(32, 7)) };
  const doors = new Doors({ ...shared, brake: new GuessBrake({ clock }) });
  const factors = new Factors({ ...shared, sessions: people.sessions });
  const { person } = await people.initConsole();

  const whoIs = async (session: string): Promise<Caller & { actor: PersonActor }> => {
    const actor = await people.authenticate({ session });
    if (actor.kind !== 'person') throw new Error('nobody is signed in');
    return { actor, address: FROM.address };
  };
  const link = async (kind: 'local' | 'own' | 'invite' = 'local') => {
    const { secret } = await people.createSignInLink(caller, person.id, kind);
    return (await people.signIn(secret, FROM.address, FROM.agent)).session;
  };
  /** Password and app, set up in a session of its own; the next code is one of the next step. */
  const enrol = async () => {
    const own = await whoIs(await link());
    await factors.putPassword(own, PASSWORD);
    const secret = fromBase32((await factors.newTotp(own)).secret);
    await factors.confirmTotp(own, totpCode(secret, totpStep(clock.now())));
    await clock.advance(60_000);
    return { secret, code: () => totpCode(secret, totpStep(clock.now())) };
  };
  return { ...estate, people, hasher, challenges, doors, factors, person, whoIs, link, enrol };
}
