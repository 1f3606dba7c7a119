// The verbs of people, rights and reasons, one after the other, on a person of their own.
import { expect } from 'vitest';

interface Run {
  json: (place: string, words?: readonly string[]) => Promise<ReturnType<typeof JSON.parse>>;
  text: (place: string, words?: readonly string[]) => Promise<string>;
}

export async function managePeople({ json, text }: Run): Promise<void> {
  const site = await json('site add', ['Rights']);
  const made = await json('person invite', ['alice', '--role', 'technician', '--over', 'site:Rights']);
  expect(made).toMatchObject({
    person: { name: 'alice' },
    invitation: { url: expect.stringContaining('/sign-in#') },
  });
  expect(await text('person list')).toContain('alice');
  expect(await text('auth why', ['alice', 'reboot', 'site:Rights'])).toMatch(/^Yes\. The grant of the role technician/);
  const denied = ['alice', '--deny', '--verb', 'action.*', '--over', `site:${site.id}`];
  const grant = await json('person grant', denied);
  expect(await text('auth why', ['alice', 'reboot', 'site:Rights'])).toMatch(
    /^No\. The denial of action\.\* over site/,
  );
  await text('person ungrant', ['alice', grant.id]);
  expect(await text('person show', ['alice'])).toContain('site Rights');
  await text('person rename', ['alice', 'Alice Miller']);
  expect(await text('person disable', ['Alice Miller'])).toContain('disabled');
  expect(await text('person enable', ['Alice Miller'])).toContain('enabled');
  await text('person remove', ['Alice Miller']);
  expect(await text('role list')).toContain('technician: ');
  await text('site remove', [site.id, '--yes', '0']);
}
