// Ten thousand guesses, known against unknown names, an identity provider, and how fast somebody who is put out is out.
import { totpCode, totpStep } from '#console/access/totp.ts';
import { systemClock } from '#shared/base/clock.ts';
import { newId } from '#shared/base/id.ts';
import { type Estate, startEstate } from '#test/e2e/composed-site.ts';
import { fromBase32 } from '#test/repository/sign-in-kit.ts';
import { Ending } from './ending.ts';
import { Guesser, longerShare, type Told } from './login-guesses.ts';
import { attackOidc, openOidcHouse } from './login-oidc.ts';
import { revocation } from './login-revocation.ts';
import type { Attack, AttackOptions } from './security.ts';

const PASSWORD = 'a quiet river in March';
/** Wrong answers to a name before nothing is hashed for a while. */
const FREE = 10;
const SIZES = {
  full: { guesses: 10_000, names: 20, addresses: 100, pairs: 200 },
  quick: { guesses: 200, names: 1, addresses: 4, pairs: 12 },
};
/** Guesses under way at once: as many as a guesser gains anything by. */
const AT_ONCE = 16;
/** Below the ten that are free, so that each is hashed. */
const PER_NAME = 8;

const hashes = async ({ api }: Estate): Promise<number> => (await api.system.status()).counters['passwordHashes'] ?? 0;

/** The first person with a password and an app; the code of the present step is spent by its confirmation. */
async function enrol({ api }: Estate): Promise<Buffer> {
  await api.profile.putPassword({ password: PASSWORD });
  const secret = fromBase32((await api.profile.newTotp()).secret);
  await api.profile.confirmTotp({ code: totpCode(secret, totpStep(systemClock.now())) });
  return secret;
}

async function guesses(estate: Estate, size: (typeof SIZES)['full']) {
  const guesser = new Guesser(estate, size.addresses);
  const before = await hashes(estate);
  const began = systemClock.monotonic();
  const told: Told[] = [];
  let next = 0;
  const work = async () => {
    for (let n = next++; n < size.guesses; n = next++) {
      const at = n % size.names;
      const guess = {
        name: at === 0 ? 'owner' : `nobody ${at}`,
        password: `guess number ${n}`,
        code: String(100_000 + n),
      };
      told.push(await guesser.ask(guess, n));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  guesser.stop();
  return {
    guesses: told.length,
    seconds: (systemClock.monotonic() - began) / 1_000,
    letIn: told.filter(({ status }) => status < 400).length,
    hashed: (await hashes(estate)) - before,
    hashedBeyond: Math.max(0, (await hashes(estate)) - before - FREE * size.names - 1),
    refusals: new Set(told.map(({ bytes }) => bytes)).size,
  };
}

/** People who differ in what they have; each kind is tried with what would be half right. */
const KINDS = ['enrolled', 'disabled'] as const;

/** Copies of the enrolled person under other names, straight in the database: their sealed secret opens for nobody, like a wrong code. */
function addPeople({ database }: Estate, count: number): string[] {
  const add = database.prepare('insert into person (id, name, created_at, disabled_at) values (?, ?, ?, ?)');
  const factor = database.prepare(
    `insert into person_factor (person_id, password_hash, totp_sealed, totp_last_step)
     select ?, password_hash, totp_sealed, totp_last_step from person_factor limit 1`,
  );
  return Array.from({ length: count }, (_none, n) => {
    const [id, name] = [newId(systemClock.now()), `person ${n}`];
    add.run(id, name, 1, KINDS[n % KINDS.length] === 'disabled' ? 1 : null);
    factor.run(id);
    return name;
  });
}

async function pairs(estate: Estate, count: number) {
  const names = addPeople(estate, Math.ceil(count / PER_NAME));
  const guesser = new Guesser(estate, 20, 3);
  const [known, unknown]: [Told[], Told[]] = [[], []];
  // The first answers pay for what is made once: the dummy hash, connections, code that is not compiled yet.
  for (let n = 0; n < 8; n += 1) await guesser.ask({ name: `warm ${n}`, password: PASSWORD, code: '123456' }, n);
  for (let n = 0; n < count; n += 1) {
    const at = Math.floor(n / PER_NAME);
    // The right password in each other one: what follows it must not show.
    const typed = { password: n % 2 === 0 ? PASSWORD : 'another river in May', code: '123456' };
    const ask = async (into: Told[], name: string) => into.push(await guesser.ask({ ...typed, name }, n));
    const both = [() => ask(known, names[at] ?? ''), () => ask(unknown, `ghost ${at}`)];
    for (const one of n % 4 < 2 ? both : both.reverse()) await one();
  }
  guesser.stop();
  const times = (some: readonly Told[]) => some.map(({ ms }) => ms);
  return {
    pairs: count,
    auc: longerShare(times(known), times(unknown)),
    answers: new Set([...known, ...unknown].map(({ bytes }) => bytes)).size,
    pairsIn: [...known, ...unknown].filter(({ status }) => status < 400).length,
  };
}

/** With all that is right, from an address that was never seen: a door that opens for nobody proves nothing. */
async function rightOne(estate: Estate): Promise<number> {
  const { codes } = await estate.api.profile.newRecoveryCodes();
  const guesser = new Guesser(estate, 1, 4);
  const { status } = await guesser.ask({ name: 'owner', password: PASSWORD, code: codes[0] ?? '' }, 0);
  guesser.stop();
  return status === 200 ? 1 : 0;
}

async function doors(ending: Ending, size: (typeof SIZES)['full'], say: AttackOptions['say']) {
  const estate = await startEstate([], ending.add);
  await enrol(estate);
  const right = await rightOne(estate);
  const apart = await pairs(estate, size.pairs);
  say(
    `${apart.pairs} pairs: known names take longer in ${(apart.auc * 100).toFixed(1)} of 100, ${apart.answers} kind of answer`,
  );
  const guessed = await guesses(estate, size);
  say(`${guessed.guesses} guesses in ${guessed.seconds.toFixed(1)} s: ${guessed.letIn} in, ${guessed.hashed} hashed`);
  const out = await revocation(estate);
  say(`out after ${out.outAfterMs} ms`);
  return { ...guessed, ...apart, right, ...out };
}

export const attackLogin: Attack = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using ending = new Ending();
  const figures = await doors(ending, isQuick ? SIZES.quick : SIZES.full, say);
  const oidc = await attackOidc(await openOidcHouse(ending));
  for (const line of oidc.wrong) say(line);
  const all = { ...figures, oidcCases: oidc.cases, oidcWrong: oidc.wrong.length };
  return { name: 'security login', figures: all, durationMs: systemClock.monotonic() - begin };
};
