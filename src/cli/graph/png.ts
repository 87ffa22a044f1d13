import { UsageError } from '../usage-error';

interface Resvg {
  new (svg: string, options: object): { render(): { asPng(): Uint8Array } };
}

const PACKAGE = '@resvg/resvg-js';

/** Twice the size, for screens with fine dots. */
const ZOOM = 2;

/** A picture as PNG, by a package that those install who want it: it is native code, one build a platform. */
export function png(svg: string): Uint8Array {
  let Rasterizer: Resvg;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    Rasterizer = require(PACKAGE).Resvg;
  } catch {
    throw new UsageError(`a .png needs the package ${PACKAGE}, which is not installed: npm install ${PACKAGE}; .svg and .html need nothing`);
  }
  return new Rasterizer(svg, { background: 'white', font: { sansSerifFamily: 'DejaVu Sans' }, fitTo: { mode: 'zoom', value: ZOOM } }).render().asPng();
}
