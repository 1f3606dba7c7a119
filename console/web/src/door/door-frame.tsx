// The frame of pages that stand before the console: its name, and one panel in the middle.
import type { ReactNode } from 'react';
import { BrandMark } from '#console/web/src/shell/brand-mark.tsx';

interface DoorFrameProps {
  title: string;
  isWide?: boolean;
  children: ReactNode;
}

/** It hangs from a line that stays: what comes later moves nothing that is there. */
export const DoorFrame = ({ title, isWide = false, children }: DoorFrameProps) => (
  <main
    className={`mx-auto grid min-h-dvh content-start gap-4 px-4 pt-[max(1.5rem,14dvh)] pb-16 ${isWide ? 'max-w-xl' : 'max-w-md'}`}
  >
    <div className="flex items-center gap-2 text-lg font-semibold">
      <BrandMark className="size-7" />
      RMM
    </div>
    <div className="grid gap-4 rounded-lg border border-line bg-surface p-5">
      <h1 className="m-0 text-base font-semibold">{title}</h1>
      {children}
    </div>
  </main>
);
