import { UsageError } from '../usage-error';

interface Resvg {
  new (svg: string, options: object): { render(): { asPng(): Uint8Array } };
}

const PACKAGE = '@resvg/resvg-js';

/** Twice the size, for high-resolution screens. */
const ZOOM = 2;

/** Renders a picture as PNG with an optional package, which is native code with a build per platform. */
export function png(svg: string): Uint8Array {
  let Rasterizer: Resvg;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    Rasterizer = require(PACKAGE).Resvg;
  } catch {
    throw new UsageError(`a .png requires the package ${PACKAGE}: npm install ${PACKAGE}; .svg and .html require no package`);
  }
  return new Rasterizer(svg, { background: 'white', font: { sansSerifFamily: 'DejaVu Sans' }, fitTo: { mode: 'zoom', value: ZOOM } })
    .render()
    .asPng();
}
