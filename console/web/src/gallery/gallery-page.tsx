// Every component in every state, for those who build them. Development builds only.
import { useEffect, useState } from 'react';
import { chooseDensity, chooseTheme, DENSITIES, THEMES, useAppearance } from '#console/web/src/settings/appearance.ts';
import { Segmented } from '#console/web/src/ui/choice.tsx';
import { Toaster } from '#console/web/src/ui/toaster.tsx';
import { GalleryControls } from './gallery-controls.tsx';
import { GalleryPopups } from './gallery-popups.tsx';
import { GalleryShows } from './gallery-shows.tsx';

const options = <Value extends string>(values: readonly Value[]) => values.map((value) => ({ value, label: value }));

export function GalleryPage() {
  const { theme, density } = useAppearance();
  const [isReady, setIsReady] = useState(false);
  useEffect(() => setIsReady(true), []);
  return (
    <main className="mx-auto grid max-w-[1400px] gap-4 px-3 py-4 sm:px-5" data-gallery={isReady ? 'ready' : ''}>
      <header className="flex flex-wrap items-center gap-3">
        <h1 className="m-0 grow text-xl font-semibold">Components</h1>
        <Segmented label="Theme" options={options(THEMES)} value={theme} onChoose={chooseTheme} />
        <Segmented label="Density" options={options(DENSITIES)} value={density} onChoose={chooseDensity} />
      </header>
      <div className="columns-1 gap-4 lg:columns-2">
        <GalleryControls />
        <GalleryPopups />
        <GalleryShows />
      </div>
      <Toaster />
    </main>
  );
}
