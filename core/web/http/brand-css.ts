/** Custom properties for the brand's colour: every pair of text and ground keeps a contrast of 4.5:1, whatever was chosen. */
export function brandCss(color: string | undefined): string {
  if (!color) return '';
  const brand = parse(color);
  const light = until(brand, BLACK, (shade) => contrast(shade, WHITE) >= 5 && contrast(shade, LIGHT_GROUND) >= 4.6);
  const dark = until(brand, WHITE, (shade) => contrast(shade, DARK_GROUND) >= 5);
  return `:root{${rules(light, contrast(WHITE, light) >= 4.5 ? WHITE : BLACK)}}
@media (prefers-color-scheme:dark){:root{${rules(dark, contrast(BLACK, dark) >= 4.5 ? BLACK : WHITE)}}}
`;
}

type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [12, 16, 20];
const LIGHT_GROUND: Rgb = [244, 246, 248];
const DARK_GROUND: Rgb = [27, 33, 41];

function rules(accent: Rgb, on: Rgb): string {
  return `--accent:${hex(accent)};--accent-strong:${hex(mix(accent, on === WHITE ? BLACK : WHITE, 0.18))};--on-accent:${hex(on)}`;
}

function until(from: Rgb, towards: Rgb, good: (shade: Rgb) => boolean): Rgb {
  for (let part = 0; part < 1; part += 0.04) {
    const shade = mix(from, towards, part);
    if (good(shade)) return shade;
  }
  return towards;
}

function mix(from: Rgb, towards: Rgb, part: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (towards[index] - from[index]) * part);
  return [channel(0), channel(1), channel(2)];
}

/** WCAG 2.2 contrast ratio, 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parse(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function hex(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
