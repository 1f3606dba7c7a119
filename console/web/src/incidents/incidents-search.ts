// What the board of incidents shows, as it stands in its URL.
import { SEVERITIES, type Severity } from '#shared/model/alert-words.ts';

/** `open` when absent. */
export const BOARD_VIEWS = ['open', 'acknowledged', 'resolved', 'any'] as const;
export type BoardView = (typeof BOARD_VIEWS)[number];

export interface IncidentsSearch {
  state?: BoardView;
  /** At least so bad. */
  severity?: Severity;
  /** Only those given to whoever looks. */
  mine?: true;
  /** With those that a maintenance window covers. */
  muted?: true;
}

/** Anything may stand in a URL; what is as usual is left out. */
export function parseIncidentsSearch(raw: Record<string, unknown>): IncidentsSearch {
  const state = BOARD_VIEWS.find((one) => one === raw['state']);
  const severity = SEVERITIES.find((one) => one === raw['severity']);
  return {
    ...(state !== undefined && state !== 'open' && { state }),
    ...(severity !== undefined && severity !== 'info' && { severity }),
    ...(raw['mine'] === true && { mine: true as const }),
    ...(raw['muted'] === true && { muted: true as const }),
  };
}

export const isNarrowed = ({ severity, mine }: IncidentsSearch): boolean => severity !== undefined || mine === true;
