// Filters as people change them by presses: every press edits the one text, so there is nothing else to keep in step.
import { allOf, EVERYTHING, type Filter, type Term } from '#shared/base/filter/filter.ts';
import { formatFilter } from '#shared/base/filter/format-filter.ts';
import { type ParsedFilter, parseFilter } from '#shared/base/filter/parse-filter.ts';
import { FLEET_FIELDS, type FleetField } from '#shared/model/fleet-fields.ts';

export const readFilter = (text: string): ParsedFilter => parseFilter(text, FLEET_FIELDS);
export const filterText = (filter: Filter): string => formatFilter(filter, FLEET_FIELDS);

/** The text without the word in which it stops to read. */
export function withoutWord(text: string, { from, to }: { from: number; to: number }): string {
  const before = text.slice(0, from).replace(/\S+$/, '');
  const after = text.slice(Math.max(from, to)).replace(/^\S+/, '');
  return before + after;
}

/** What is asked all at once: each can be taken out by itself. */
export const partsOf = (filter: Filter): readonly Filter[] => (filter.type === 'all' ? filter.of : [filter]);

/** Without the part at this place. */
export const withoutPart = (filter: Filter, place: number): Filter =>
  allOf(partsOf(filter).filter((_, index) => index !== place));

const isChoiceOf = (field: FleetField, part: Filter): part is Term & { type: 'text' } =>
  part.type === 'text' && part.field === field && part.values.every((value) => value.length === 1);

/** Whole values of the field that the filter picks, lower-case. */
export function chosenOf(filter: Filter, field: FleetField): ReadonlySet<string> {
  const chosen = partsOf(filter).filter((part) => isChoiceOf(field, part));
  return new Set(chosen.flatMap(({ values }) => values.map(([value = '']) => value.toLowerCase())));
}

/** The filter without what it picks of one field: what a list of choices counts by, so that others stay to be chosen. */
export function withoutField(filter: Filter, field: FleetField): Filter {
  const parts = partsOf(filter);
  const rest = parts.filter((part) => !isChoiceOf(field, part));
  if (rest.length === parts.length) return filter;
  return rest.length === 0 ? EVERYTHING : allOf(rest);
}

/** Adds the value to what is picked of the field, or takes it out. */
export function toggled(filter: Filter, field: FleetField, value: string): Filter {
  const chosen = partsOf(filter)
    .filter((part) => isChoiceOf(field, part))
    .flatMap(({ values }) => values.map(([text = '']) => text));
  const others = chosen.filter((text) => text.toLowerCase() !== value.toLowerCase());
  const next = others.length === chosen.length ? [...chosen, value] : others;
  const rest = partsOf(filter).filter((part) => !isChoiceOf(field, part));
  return next.length === 0 ? allOf(rest) : allOf([...rest, choiceOf(field, next)]);
}

/** Only this value of the field, whatever was picked of it. */
export function only(filter: Filter, field: FleetField, value: string | undefined): Filter {
  const rest = partsOf(withoutField(filter, field));
  return value === undefined ? allOf(rest) : allOf([...rest, choiceOf(field, [value])]);
}

const choiceOf = (field: FleetField, values: readonly string[]): Filter => ({
  type: 'text',
  field,
  match: 'is',
  values: values.map((value) => [value]),
});
