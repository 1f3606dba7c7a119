// One entry of an event log: a line that opens to all that the device said. What was passed over before it is said beneath.
import { dateOf, fullTime, secondOf } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import type { LogEntry } from './log-data.ts';
import { LevelMark } from './log-level.tsx';
import type { LogSearch } from './log-search.ts';
import { t } from './text.ts';

interface LogLineProps {
  item: LogEntry;
  onNarrow: (patch: LogSearch) => void;
}

export function LogLine({ item, onNarrow }: LogLineProps) {
  const { at, source, code, level, message, dropped } = item;
  return (
    <>
      <li className="log-line">
        <details>
          <summary>
            <Icon name="chevron-right" className="log-arrow size-3.5 text-muted" />
            <LevelMark level={level} />
            <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className="text-muted">
              {dateOf(at)}, {secondOf(at)}
            </time>
            <span className="log-source">
              <span className="log-cut" title={source}>
                {source}
              </span>
              <span className="text-muted">{code}</span>
            </span>
            <span className="log-cut log-message" title={firstLine(message)}>
              {firstLine(message)}
            </span>
          </summary>
          <Whole item={item} onNarrow={onNarrow} />
        </details>
      </li>
      {dropped !== null && (
        <li className="log-dropped">
          <Icon name="warning" className="mt-0.5 text-changed" />
          <span>{t('dropped', { count: dropped })}</span>
        </li>
      )}
    </>
  );
}

/** As much as a line has room for on a wide screen; the rest is cut by its style. */
const LINE = 300;
const firstLine = (message: string): string => message.slice(0, LINE).split(/\r?\n/)[0] ?? '';

function Whole({ item: { at, log, entry, source, code, message }, onNarrow }: LogLineProps) {
  return (
    <div className="log-whole">
      <p className="m-0 wrap-anywhere whitespace-pre-wrap">
        {message === '' ? <span className="text-muted">{t('noMessage')}</span> : message}
      </p>
      <KeyValues>
        <KeyValue name={t('at')}>{fullTime(at)}</KeyValue>
        <KeyValue name={t('log')}>{log}</KeyValue>
        <KeyValue name={t('source')}>{source}</KeyValue>
        <KeyValue name={t('code')}>{code}</KeyValue>
        <KeyValue name={t('entry')}>{entry}</KeyValue>
      </KeyValues>
      <div className="flex flex-wrap gap-2">
        {source !== '' && (
          <Button isSmall icon="filter" onClick={() => onNarrow({ source })}>
            {t('onlySource')}
          </Button>
        )}
        <Button isSmall icon="filter" onClick={() => onNarrow({ code })}>
          {t('onlyCode')}
        </Button>
      </div>
    </div>
  );
}
