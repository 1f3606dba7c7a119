// The names of all that targets speak of, as far as they are read.
import { useChannels, useContacts, useEscalations, useSchedules } from './notify-data.ts';
import type { Names } from './notify-words.ts';

const NONE: [] = [];

export function useNames(): Names {
  return {
    channels: useChannels().data ?? NONE,
    contacts: useContacts().data ?? NONE,
    schedules: useSchedules().data ?? NONE,
    escalations: useEscalations().data ?? NONE,
  };
}
