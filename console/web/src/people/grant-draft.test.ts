// What is typed becomes the right that is asked for, and nothing wider.
import { expect, test } from 'vitest';
import { NewGrant } from '#shared/model/grant.ts';
import { grantAsk, grantFaults, newGrant } from './grant-draft.ts';

const site = { kind: 'site' as const, thing: { value: '01890000-0000-7000-8000-000000000001', label: 'Harbour' } };

test('a fresh form asks for the least, over everything', () => {
  expect(NewGrant.parse(grantAsk(newGrant()))).toMatchObject({
    effect: 'allow',
    role: 'viewer',
    verbs: [],
    hours: null,
  });
});

test('single verbs, a site, a time and hours are taken over as the contract has them', () => {
  const draft = {
    ...newGrant(),
    ...{ effect: 'deny' as const, by: 'verbs' as const, verbs: ['device.*'], over: site },
    ...{ from: '2026-01-05T08:00', until: '2026-01-06T08:00', hasHours: true, zone: 'Europe/Berlin' },
  };
  expect(grantFaults(draft)).toEqual([]);
  expect(NewGrant.parse(grantAsk(draft))).toEqual({
    ...{ effect: 'deny', role: null, verbs: ['device.*'], over: { kind: 'site', id: site.thing.value } },
    from: new Date('2026-01-05T08:00').getTime(),
    until: new Date('2026-01-06T08:00').getTime(),
    hours: {
      timeZone: 'Europe/Berlin',
      spans: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', until: '18:00' }],
    },
  });
});

test('what is not whole is told before anything is sent', () => {
  const draft = {
    ...newGrant(),
    ...{ by: 'verbs' as const, over: { kind: 'site' as const, thing: null } },
    ...{
      from: '2026-01-06T08:00',
      until: '2026-01-06T08:00',
      hasHours: true,
      spans: [{ days: [], from: '', until: '' }],
    },
  };
  expect(grantFaults(draft)).toEqual(['verbs', 'over', 'until', 'hours']);
});
