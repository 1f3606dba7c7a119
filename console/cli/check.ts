// One line of `rmm doctor`: what was looked at, how it is, and what to do.
export interface Check {
  name: string;
  verdict: 'ok' | 'warning' | 'failed';
  detail: string;
  /** What to do; empty when nothing is to be done. */
  advice: string;
}
