// The checks that every device has until a layer says otherwise. Their ids never change their meaning.
import type { Check } from '#shared/model/check.ts';
import { SERIES_CHECKS } from './shipped-series.ts';
import { STATE_CHECKS } from './shipped-states.ts';

export const SHIPPED_CHECKS: readonly Check[] = [...STATE_CHECKS, ...SERIES_CHECKS];
