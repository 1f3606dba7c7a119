// Why a text is no filter: each reason has a code and its values, so that a page says it in its own language; English stands here.

export const FILTER_FAULTS = {
  'too-long': 'a filter has at most {count} characters',
  'too-many-terms': 'a filter has at most {count} terms',
  'too-deep': 'parentheses and negations go at most {count} deep',
  'quote-open': 'this quotation mark is not closed',
  'parenthesis-open': 'this parenthesis is not closed',
  'parenthesis-lone': 'this parenthesis closes nothing',
  'parenthesis-empty': 'nothing stands between these parentheses',
  'both-sides': '"{word}" needs something on both sides',
  'nothing-follows': 'nothing follows "{word}"',
  'spaced-sign': 'a field, its sign and its value stand together, without spaces: cpu>80%',
  'unknown-field': '"{word}" is no field. Fields are {known}. To look for the text itself, put it in quotation marks',
  'is-compared': '{field} is compared: write {field}>{example} or {field}<{example}',
  'no-number': '"{word}" is no {field}: write a number, like {example}',
  'no-quantity': '"{word}" is no {field}: write a number with one of {units}, like {example}',
  'not-compared': '{field} is no number: write {field}:value or {field}=value',
  'no-choice': '"{word}" is no {field}: it is one of {choices}',
  'empty-text': 'an empty text is in everything',
  'needs-word': 'a word needs a value here',
  'needs-value': '{field} needs a value here',
} as const;
export type FilterFaultCode = keyof typeof FILTER_FAULTS;
export type FaultValues = Readonly<Record<string, string>>;

export const faultMessage = (code: FilterFaultCode, values: FaultValues): string =>
  FILTER_FAULTS[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

/** Why a text is no filter, and where. */
export class FilterFault extends Error {
  readonly code: FilterFaultCode;
  readonly values: FaultValues;
  readonly from: number;
  readonly to: number;

  constructor(code: FilterFaultCode, values: FaultValues, place: { from: number; to: number }) {
    super(faultMessage(code, values));
    this.code = code;
    this.values = values;
    this.from = place.from;
    this.to = place.to;
  }
}
