// What is worth a look is found, and what is as usual is not.
import { expect, test } from 'vitest';
import { unusualIn } from './unusual.ts';

test.each([
  [{}, []],
  [{ 'filesystem.used_ratio /': 0.5, 'memory.used_ratio': 0.89, 'service.failed': 0, 'system.uptime': 9e9 }, []],
  [
    { 'filesystem.used_ratio /var': 0.91, 'filesystem.used_ratio /srv data': 0.99 },
    [
      { what: 'disk', where: '/srv data', value: 0.99 },
      { what: 'disk', where: '/var', value: 0.91 },
    ],
  ],
  [{ 'service.failed': 2 }, [{ what: 'services', value: 2 }]],
  [{ 'system.uptime': 60_000 }, [{ what: 'restart', value: 60_000 }]],
])('in %j: %j', (values, found) => expect(unusualIn(values)).toEqual(found));
