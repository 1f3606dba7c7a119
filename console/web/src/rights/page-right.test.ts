// A page is behind the right of what it shows, a form behind the right to send it.
import { expect, test } from 'vitest';
import { rightOfPage } from './page-right.ts';

test.each([
  ['/people', 'person.read'],
  ['/people/0189', 'person.read'],
  ['/devices/0189', 'device.read'],
  ['/devices/new', 'device.write'],
  ['/standing', 'standing.read'],
  ['/alerts/0189', 'alert.read'],
  ['/notifications', 'notification.read'],
  ['/notifications/channels', 'notify.read'],
  ['/standing/new', 'standing.write'],
  ['/nowhere', undefined],
])('%s asks for %s', (path, right) => expect(rightOfPage(path)).toBe(right));
