import { dot, shortIds } from './dot';
import type { MeshGraph } from './mesh-graph';
import { NIGHT } from './picture-style';

interface Viz {
  renderString(input: string, options: { readonly format: string }): string;
}

/** A part of the picture, drawn by Graphviz. */
interface Part {
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

/** The space between parts, and the aspect ratio of the picture. */
const GAP = 24;
const SHAPE = 1.6;

/** Graphviz measures in Helvetica. Other fonts of the same size are up to an eighth wider. */
const FONT_SCALE = 0.88;
const FONTS = 'Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif';

/** Draws the graph with Graphviz, as WASM: each connected part separately, side by side. */
export async function svg(graph: MeshGraph): Promise<string> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it takes 1 MB, which only pictures need
  const { instance } = require('@viz-js/viz') as { instance: () => Promise<Viz> };
  const viz = await instance();
  const ids = shortIds(graph);
  const parts = joined(graph).map(part => read(viz.renderString(dot(part, ids), { format: 'svg' })));
  return assembled(parts.sort((a, b) => b.height - a.height));
}

/** The connected parts of a graph. A namespace stays in one part. */
function joined({ nodes, edges }: MeshGraph): MeshGraph[] {
  const parents = new Map<string, string>();
  const root = (key: string): string => {
    let at = key;
    while (parents.get(at) !== undefined && parents.get(at) !== at) at = parents.get(at)!;
    parents.set(key, at);
    return at;
  };
  const keys = new Map(nodes.map(node => [node.id, node.group === '' ? `node ${node.id}` : `group ${node.group}`]));
  for (const { from, to } of edges) parents.set(root(keys.get(from)!), root(keys.get(to)!));
  const parts = new Map<string, { nodes: MeshGraph['nodes'][number][]; edges: MeshGraph['edges'][number][] }>();
  const part = (id: string) => {
    const key = root(keys.get(id)!);
    return parts.get(key) ?? parts.set(key, { nodes: [], edges: [] }).get(key)!;
  };
  for (const node of nodes) part(node.id).nodes.push(node);
  for (const edge of edges) part(edge.from).edges.push(edge);
  return [...parts.values()];
}

function read(drawn: string): Part {
  const [, width, height] = /viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(drawn)!;
  const inner = drawn.slice(drawn.indexOf('>', drawn.indexOf('<svg')) + 1, drawn.lastIndexOf('</svg>'));
  const content = inner
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/&#45;/g, '-')
    .replace(/<title>[^<]*<\/title>\n?/g, '')
    // Nodes keep their ids. Other ids would not be unique across several parts.
    .replace(/ id="(?!n\d+"|a_n\d+")[^"]*"/g, '')
    .replace(/ font-family="[^"]*"/g, '')
    .replace(/font-size="([\d.]+)"/g, (_, size) => `font-size="${(Number(size) * FONT_SCALE).toFixed(2)}"`)
    .replace(/\n{2,}/g, '\n');
  return { width: Number(width), height: Number(height), content };
}

/** Arranges the parts in rows, the tallest first. Shorter parts are stacked next to a tall one. */
function assembled(parts: readonly Part[]): string {
  const area = parts.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const rowWidth = Math.max(Math.sqrt(area * SHAPE), ...parts.map(({ width }) => width));
  const row = { y: 0, height: parts[0]?.height ?? 0 };
  let column = { x: 0, filled: 0, width: 0 };
  let width = 0;
  const placed = parts.map(part => {
    if (column.filled + part.height > row.height) {
      column = { x: column.x + column.width + GAP, filled: 0, width: 0 };
      if (column.x + part.width > rowWidth) {
        row.y += row.height + GAP;
        row.height = part.height;
        column.x = 0;
      }
    }
    const at = `<g transform="translate(${column.x.toFixed(1)} ${(row.y + column.filled).toFixed(1)})">${part.content}</g>`;
    column.filled += part.height + GAP;
    column.width = Math.max(column.width, part.width);
    width = Math.max(width, column.x + column.width);
    return at;
  });
  const size = [width, row.y + row.height].map(n => n.toFixed(0));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(' ')}">`,
    `<style>text { font-family: ${FONTS}; } @media (prefers-color-scheme: dark) { ${NIGHT} }</style>`,
    ...placed,
    '</svg>',
  ].join('\n');
}
