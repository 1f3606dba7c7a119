// What the pages of policies show, as it stands in their URLs.

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface LayerSearch {
  /** The layer; without it a new one. */
  id?: string;
}

export const parseLayerSearch = ({ id }: Record<string, unknown>): LayerSearch =>
  typeof id === 'string' && UUID.test(id) ? { id } : {};

export interface CalendarSearch {
  /** "2026-11"; without it this month. */
  month?: string;
}

export const parseCalendarSearch = ({ month }: Record<string, unknown>): CalendarSearch =>
  typeof month === 'string' && /^\d{4}-(?:0[1-9]|1[0-2])$/.test(month) ? { month } : {};

export interface ExplainSearch {
  /** As the drafts would have it. */
  drafted?: true;
}

export const parseExplainSearch = ({ drafted }: Record<string, unknown>): ExplainSearch =>
  drafted === true ? { drafted } : {};
