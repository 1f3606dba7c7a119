// A message as a mail's HTML: tables and inline style, as mail programs want it; every text is escaped, nothing is loaded.
import type { Told } from './message.ts';

const COLOURS: Readonly<Record<Told['severity'], string>> = {
  critical: '#b3261e',
  high: '#c4501b',
  medium: '#9a6700',
  low: '#2f6feb',
  info: '#57606a',
};
const OVER = '#1a7f37';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (one) => ESCAPES[one] ?? one);

const button = (href: string, text: string, colour: string): string =>
  `<a href="${escapeHtml(href)}" style="display:inline-block;padding:10px 18px;margin:0 8px 8px 0;border-radius:6px;` +
  `background:${colour};color:#ffffff;text-decoration:none;font-weight:600">${text}</a>`;

export function mailHtml(told: Told): string {
  const { title, detail, facts, lines, link, ackLink, severity, reason } = told;
  const colour = reason === 'resolved' || reason === 'past' ? OVER : COLOURS[severity];
  const rows = facts.map(
    ({ name, value }) =>
      `<tr><td style="padding:2px 16px 2px 0;color:#57606a">${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`,
  );
  const items = lines.map((line) => `<li style="margin:2px 0">${escapeHtml(line)}</li>`);
  return [
    '<!doctype html><html><body style="margin:0;padding:16px;font:15px/1.5 system-ui,sans-serif;color:#1f2328">',
    `<div style="border-left:4px solid ${colour};padding-left:12px">`,
    `<p style="margin:0;font-size:18px;font-weight:600">${escapeHtml(title)}</p>`,
    `<p style="margin:0;color:${colour}">${escapeHtml(`${severity}, ${reason}`)}</p></div>`,
    detail === '' ? '' : `<p style="white-space:pre-line">${escapeHtml(detail)}</p>`,
    rows.length === 0 ? '' : `<table style="border-collapse:collapse;margin:12px 0">${rows.join('')}</table>`,
    items.length === 0 ? '' : `<ul style="padding-left:20px">${items.join('')}</ul>`,
    ackLink === '' ? '' : button(ackLink, 'Take it', '#0b57d0'),
    link === '' ? '' : button(link, 'Open', '#57606a'),
    '</body></html>',
  ].join('');
}
