// Sets theme and density before the first paint, so that nobody who chose dark is blinded by a white page.
// It stands apart from the bundle because modules run after the paint; settings/appearance.ts writes what it reads.
(() => {
  const stored = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const choice = stored('rmm-theme');
  const isDark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  document.documentElement.dataset.density = stored('rmm-density') === 'compact' ? 'compact' : 'comfortable';
})();
