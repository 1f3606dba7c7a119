// A layer comes through its form unchanged, whatever it says of checks and presence.
import { expect, test } from 'vitest';
import { DeviceId, LayerId } from '#shared/base/id.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import type { LayerPart } from '#shared/model/watch-part.ts';
import { faultsOf, formOf, wishOf } from './layer-form.ts';

const id = (n: number) => `0190a000-0000-7000-8010-${String(n).padStart(12, '0')}`;
const part: LayerPart = {
  kind: 'layer',
  body: {
    ...{ id: LayerId.parse(id(1)), name: 'servers', level: 'site', priority: 7, isEnforced: true },
    except: [DeviceId.parse(id(2))],
    settings: {
      checks: SHIPPED_CHECKS.slice(0, 2),
      off: ['cpu.queue'],
      presence: 'when-used',
      health: { good: 90, fair: 70 },
    },
  },
  places: [id(3)],
  ...{ customerId: null, changedAt: 1, changedBy: 'person:1', isRemoved: false },
};

test('what was drafted is drafted again', () => {
  const { id: _, ...body } = part.body;
  expect(wishOf(formOf(part, 'every'))).toEqual({ kind: 'layer', body, places: part.places });
});

test('a layer of level customer names no places, and an empty one says nothing', () => {
  const form = { ...formOf(undefined, 'every'), name: ' all ', places: [id(3)] };
  expect(wishOf(form)).toEqual({
    ...{ kind: 'layer', places: [] },
    body: { name: 'all', level: 'customer', priority: 0, isEnforced: false, settings: {} },
  });
});

test('a name and a whole priority are needed', () => {
  const form = formOf(part, 'every');
  expect(faultsOf(form)).toEqual({});
  expect(faultsOf({ ...form, name: ' ', priority: '1.5' })).toEqual({ name: 'noName', priority: 'noPriority' });
});
