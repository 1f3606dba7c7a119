// A moment as the browser's own field for it writes and reads it: "2026-01-05T08:00", the clock of whoever looks.

const two = (value: number): string => String(value).padStart(2, '0');

export function localText(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** Undefined for what is no time. */
export function localTime(text: string): number | undefined {
  const at = LOCAL_TIME.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
