// A hundred machines use one token in the same moment, again and again: each time one of them is enrolled, and no other.
import { systemClock } from '#shared/base/clock.ts';
import { ENROL_PATH } from '#shared/crypto/enrolment-messages.ts';
import { enrolmentDoor, enrolRequest } from '#test/fixtures/enrolment-door.ts';
import { Ending } from './ending.ts';
import type { Attack } from './security.ts';

const MACHINES = 100;
const ROUNDS = { full: 20, quick: 2 };

/** The answers' status codes, of machines that never tried before: guesses would lock the door, and hide the race. */
async function race(): Promise<{ statuses: number[]; relays: number }> {
  await using ending = new Ending();
  const door = await enrolmentDoor(ending.add);
  const token = await door.token();
  const asked = Array.from({ length: MACHINES }, () => door.post(ENROL_PATH, enrolRequest(token)));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  const relays = await door.store.db.selectFrom('relay').select('id').execute();
  return { statuses, relays: relays.length };
}

export const attackEnrolRace: Attack = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  const rounds = isQuick ? ROUNDS.quick : ROUNDS.full;
  let [uses, wrong, faults] = [0, 0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const { statuses, relays } = await race();
    uses += statuses.length;
    const enrolled = statuses.filter((status) => status === 200).length;
    if (enrolled !== 1 || relays !== 1) wrong += 1;
    faults += statuses.filter((status) => status >= 500).length;
    say(`round ${round + 1}: ${enrolled} of ${statuses.length} enrolled, ${relays} relays stored`);
  }
  const figures = { uses, wrongRounds: wrong, faults };
  return { name: 'security enrol-race', figures, durationMs: systemClock.monotonic() - begin };
};
