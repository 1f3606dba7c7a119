// A device that is not reached says on the command line what is wrong and what to do; one that is well says nothing.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import { troublePairs } from './device-trouble.ts';

const id = DeviceId.parse('01900000-0000-7000-8000-000000000001');

test('a changed certificate is accepted by a key that somebody read on the machine', () => {
  const said = troublePairs({ id, transport: 'winrm', statusReason: 'host-key-changed', statusDetail: 'SHA256:other' });
  expect(Object.fromEntries(said)).toEqual({
    'what is wrong': expect.stringContaining('another certificate'),
    'what to do': expect.stringContaining('Read its key on the device itself'),
    'accept with': `rmm device accept ${id} --host-key SHA256:KEY`,
  });
});

test('a closed port is nothing to accept, and a device that is well has no trouble', () => {
  const said = troublePairs({ id, transport: 'winrm', statusReason: 'refused', statusDetail: null });
  expect(said.at(-1)).toEqual(['accept with', '']);
  expect(troublePairs({ id, transport: 'winrm', statusReason: null, statusDetail: null })).toEqual([]);
});
