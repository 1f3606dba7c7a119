// What a channel's kind asks for must be there, and a secret that is set stays without being typed again.
import { expect, test } from 'vitest';
import { draftOf, missingOf, ofKind, wishOf } from './channel-draft.ts';
import type { ChannelKind } from './notify-data.ts';

const field = (name: string, kind: string, isRequired = true, more: object = {}) => ({
  ...{ name, label: name, help: '', kind, isRequired },
  ...more,
});
// The test's own, in the shape of the contract.
const mail = {
  kind: 'smtp',
  label: 'Mail',
  summary: '',
  to: { label: 'Address', example: '' },
  fields: [field('host', 'text'), field('port', 'number', true, { initial: '587' }), field('password', 'secret')],
} as unknown as ChannelKind;

test('a new channel begins with what its kind begins with', () => {
  const draft = draftOf(undefined, [mail]);
  expect(draft).toMatchObject({ kind: 'smtp', isOn: true, settings: { port: '587' }, secrets: {} });
  expect(missingOf(draft, mail, [])).toEqual(['settings.host', 'secrets.password']);
  expect(missingOf({ ...draft, settings: { host: 'mx', port: '25' } }, mail, ['password'])).toEqual([]);
  const old = { kind: 'smtp', name: 'old', isOn: true, settings: { host: 'mx' }, secrets: ['password'] } as never;
  expect(draftOf(old, [mail])).toMatchObject({ name: 'old', settings: { host: 'mx', port: '587' } });
  expect(ofKind(mail).settings).toEqual({ port: '587' });
});

test('what is empty is not sent: a secret stays', () => {
  const draft = {
    ...draftOf(undefined, [mail]),
    name: ' out ',
    settings: { host: 'mx', note: '' },
    secrets: { password: '' },
  };
  expect(wishOf(draft)).toEqual({ kind: 'smtp', name: 'out', isOn: true, settings: { host: 'mx' }, secrets: {} });
});
