// The texts of this room, in the language of the page.
import { catalogue } from '#console/web/src/i18n/catalogue.ts';
import type { FleetField } from '#shared/model/fleet-fields.ts';
import { en } from './text.en.ts';

export const t = catalogue('fleet', en);

export const fieldTitle = (field: FleetField): string => t(`field_${field}`);
