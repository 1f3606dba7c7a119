// The text of a filter at the rim, apart from the filter itself: browsers read filters without the library of schemas.
import { z } from 'zod';
import { MAX_FILTER_LENGTH } from './filter.ts';

/** Whether it reads is asked of `parseFilter` with the fields it is for. */
export const FilterText = z.string().max(MAX_FILTER_LENGTH);
