/** Our own drawings on a 20 × 20 grid, stroked with the text's colour; a helper puts them inline, so they cost no request. */
const PATHS = {
  plug: '<path d="M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3"/>',
  check: '<circle cx="10" cy="10" r="7.5"/><path d="m6.8 10.3 2.3 2.3 4.3-4.8"/>',
  alert: '<path d="M10 3 2.2 16.5h15.6zM10 8v4M10 14.2v.1"/>',
  off: '<circle cx="10" cy="10" r="7.5"/><path d="M7 13 13 7"/>',
  wait: '<circle cx="10" cy="10" r="7.5"/><path d="M10 6v4.2l2.8 1.8"/>',
  soon: '<circle cx="10" cy="10" r="7.5" stroke-dasharray="2.6 2.6"/>',
  fault: '<circle cx="10" cy="10" r="7.5"/><path d="m7.5 7.5 5 5m0-5-5 5"/>',
  gear: '<path d="M3 6h7m5 0h2M3 14h2m5 0h7"/><circle cx="12.5" cy="6" r="2.3"/><circle cx="7.5" cy="14" r="2.3"/>',
  sync: '<path d="M16.5 8A7 7 0 0 0 4 6.3M3.5 3v3.6h3.6M3.5 12A7 7 0 0 0 16 13.7m.5 3.3v-3.6h-3.6"/>',
  search: '<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 4 4"/>',
  back: '<path d="m12 4-6 6 6 6"/>',
  next: '<path d="m8 4 6 6-6 6"/>',
  lock: '<rect x="4" y="9" width="12" height="8" rx="2"/><path d="M6.8 9V6.5a3.2 3.2 0 0 1 6.4 0V9"/>',
  key: '<circle cx="6.5" cy="13.5" r="3.5"/><path d="m9 11 7.5-7.5M13.5 6.5l2.5 2.5"/>',
  link: '<path d="M8.5 11.5a3.5 3.5 0 0 0 5 0l2.5-2.5a3.5 3.5 0 0 0-5-5l-1 1M11.5 8.5a3.5 3.5 0 0 0-5 0L4 11a3.5 3.5 0 0 0 5 5l1-1"/>',
  copy: '<rect x="7" y="7" width="10" height="10" rx="2"/><path d="M13 4.5A1.5 1.5 0 0 0 11.5 3h-7A1.5 1.5 0 0 0 3 4.5v7A1.5 1.5 0 0 0 4.5 13"/>',
  store: '<path d="M3 8.5 4.5 3h11L17 8.5M3 8.5a2.3 2.3 0 0 0 4.7 0 2.3 2.3 0 0 0 4.6 0 2.3 2.3 0 0 0 4.7 0M4.5 11v6h11v-6"/>',
  globe: '<circle cx="10" cy="10" r="7.5"/><path d="M2.5 10h15M10 2.5c5 5 5 10 0 15c-5-5-5-10 0-15"/>',
  bolt: '<path d="M11 2 4.5 11.5H9.5L9 18l6.5-9.5H10.5z"/>',
} as const;

export type IconName = keyof typeof PATHS;

/** Drawn for who reads from left to right, and turned for others. */
const POINTING: readonly string[] = ['back', 'next'] satisfies IconName[];

/** SVG text of an icon; it is decoration, the words beside it carry the meaning. */
export function iconSvg(name: string): string {
  const path = PATHS[name as IconName];
  if (!path) throw new Error(`There is no icon called "${name}".`);
  return `<svg class="icon${POINTING.includes(name) ? ' pointing' : ''}" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${path}</svg>`;
}
