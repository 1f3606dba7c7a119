// Names of places reach the fleet's filter as they are, whatever signs they hold.
import { expect, test } from 'vitest';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import { customerFilter, siteFilter } from './site-filter.ts';

const is = (field: string, value: string) => ({ type: 'text', field, match: 'is', values: [[value]] });

test.each(['Berlin', 'Lyon warehouse', 'a "b" \\c', 'x*y, z', 'A or (B)'])(
  'a place called %s is asked for whole',
  (name) => {
    expect(parseFilter(siteFilter({ name, customerName: name }, 'down'), FLEET_FIELDS)).toEqual({
      ok: true,
      filter: {
        type: 'all',
        of: [is('customer', name), is('site', name), expect.objectContaining({ field: 'status', values: [['down']] })],
      },
    });
    expect(parseFilter(customerFilter(name), FLEET_FIELDS)).toEqual({ ok: true, filter: is('customer', name) });
  },
);
