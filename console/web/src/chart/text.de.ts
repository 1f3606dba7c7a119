// German: a chart in words.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  time: 'Zeit',
  tableOf: '{title}, Tabelle',
  asTable: 'Tabelle',
  asChart: 'Diagramm',
  ofTitle: 'von {title}',
  cursorOf: '{title}, Zeitpunkt',
  cursorKeys: 'Links und rechts gehen von Punkt zu Punkt, Plus und Minus vergrößern und verkleinern',
  nothing: 'Noch nichts',
  showLine: '{line} zeigen',
  hideLine: '{line} ausblenden',
  noData: '{line}: keine Daten',
  line: '{line}: jetzt {now}, Mittel {average}, zwischen {lowest} und {highest}',
  untilMoment: '{text}, bis {moment}',
  emptyPart: '{text} von {from} bis {to}',
  gaps: { one: 'eine Lücke, zusammen {duration}', other: '{count} Lücken, zusammen {duration}' },
} satisfies Translation<typeof en>;
