// English: a chart in words.

export const en = {
  time: 'Time',
  tableOf: '{title}, table',
  asTable: 'Table',
  asChart: 'Chart',
  ofTitle: 'of {title}',
  cursorOf: '{title}, point in time',
  cursorKeys: 'Left and right go from point to point, plus and minus zoom',
  nothing: 'Nothing yet',
  showLine: 'Show {line}',
  hideLine: 'Hide {line}',
  noData: '{line}: no data',
  line: '{line}: now {now}, average {average}, between {lowest} and {highest}',
  untilMoment: '{text}, until {moment}',
  emptyPart: '{text} from {from} until {to}',
  gaps: { one: 'one gap, {duration} in all', other: '{count} gaps, {duration} in all' },
} as const;
