type Rgb = [number, number, number];

function parse(hex: string): Rgb | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!found) return null;
  return [found[1], found[2], found[3]].map((part) => Number.parseInt(part ?? "0", 16)) as Rgb;
}

function toHex(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return a.map((part, at) => part + ((b[at] ?? 0) - part) * share) as Rgb;
}

/** Moves a colour toward black or white until it reads on the background. */
function readable(colour: Rgb, ground: Rgb, ratio: number): Rgb {
  const toward: Rgb = luminance(ground) > 0.4 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share <= 1; share += 0.04) {
    const tried = mix(colour, toward, share);
    if (contrast(tried, ground) >= ratio) return tried;
  }
  return toward;
}

function forGround(accent: Rgb, ground: Rgb): Record<string, string> {
  const fill = readable(accent, ground, 3);
  const white: Rgb = [255, 255, 255];
  const black: Rgb = [10, 14, 22];
  const ink = contrast(fill, white) >= 4.5 || contrast(fill, white) > contrast(fill, black) ? white : black;
  const solid = contrast(fill, ink) >= 4.5 ? fill : readable(fill, ink, 4.5);
  return {
    "--accent": toHex(solid),
    "--accent-ink": toHex(ink),
    "--accent-text": toHex(readable(accent, ground, 5.2)),
    "--accent-soft": toHex(mix(ground, accent, luminance(ground) > 0.4 ? 0.1 : 0.18)),
  };
}

/** The brand's colour as four variables for each theme, every pair contrast-checked. */
export function accentSet(hex: string): { light: Record<string, string>; dark: Record<string, string> } | null {
  const accent = parse(hex);
  if (!accent) return null;
  return { light: forGround(accent, [255, 255, 255]), dark: forGround(accent, [21, 25, 32]) };
}
