// Proves the brake on guesses: ten for a name, a hundred from a network, a wait that grows, and nothing that a guesser can make it forget.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { GuessBrake } from './guess-brake.ts';

const MINUTE = 60_000;

function open() {
  const clock = new FakeClock();
  const brake = new GuessBrake({ clock });
  const wrong = (name: string, times: number, address: (n: number) => string = (n) => `10.1.${n % 250}.${n >> 8}`) => {
    let looked = 0;
    for (let n = 0; n < times; n += 1) if (brake.begin(name, address(n)) !== undefined) looked += 1;
    return looked;
  };
  return { clock, brake, wrong };
}

test('of a thousand guesses at one name, from anywhere, ten are looked at', () => {
  expect(open().wrong('ada', 1_000)).toBe(10);
});

test('of a thousand names from one address a hundred are looked at, and the addresses of one IPv6 network are one', () => {
  const { brake, wrong } = open();
  let looked = 0;
  for (let n = 0; n < 1_000; n += 1)
    if (brake.begin(`name ${n}`, `2001:db8:1:2::${n.toString(16)}`) !== undefined) looked += 1;
  expect(looked).toBe(100);
  expect(wrong('ada', 1, () => '2001:db8:1:3::1')).toBe(1);
});

test('the wait doubles with each wrong answer, up to a quarter of an hour; asking meanwhile makes it no longer', async () => {
  const { clock, wrong } = open();
  wrong('ada', 10);
  for (const minutes of [1, 2, 4, 8, 15, 15]) {
    await clock.advance(minutes * MINUTE - 1);
    expect([minutes, wrong('ada', 50)]).toEqual([minutes, 0]);
    await clock.advance(1);
    expect([minutes, wrong('ada', 50)]).toEqual([minutes, 1]);
  }
});

test('who was right begins anew, and whose guesses are a day old as well', async () => {
  const { brake, clock, wrong } = open();
  wrong('ada', 9);
  brake.begin('ada', '10.9.9.9')?.wasRight();
  expect(wrong('ada', 20)).toBe(10);
  await clock.advance(24 * 60 * MINUTE);
  expect(wrong('ada', 20)).toBe(10);
});

test('a right answer gives an address one try back, and not all', () => {
  const { brake } = open();
  const from = '192.0.2.1';
  for (let n = 0; n < 99; n += 1) brake.begin(`name ${n}`, from);
  for (let n = 0; n < 5; n += 1) brake.begin('own account', from)?.wasRight();
  expect(brake.begin('name 99', from)).toBeDefined();
  expect(brake.begin('name 100', from)).toBeUndefined();
});

test('tries of those whose address does not count shut nobody else out', () => {
  const { brake } = open();
  for (let n = 0; n < 900; n += 1) brake.begin(`name ${n % 60}`, undefined);
  expect(brake.begin('somebody else', undefined)).toBeDefined();
  expect(brake.begin('name 1', undefined)).toBeUndefined();
});
