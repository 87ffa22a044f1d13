import type { SchemaNode } from './schema-node';
import type { Shape } from './shape';

/** The shapes of the parts of CRDs, each made once. */
export class CrdShapes {
  private readonly shapes = new Map<number, Shape>();

  constructor(private readonly nodes: readonly SchemaNode[]) {}

  /** The shape of a part, by its position. */
  public at(position: number): Shape {
    let shape = this.shapes.get(position);
    if (shape === undefined) this.shapes.set(position, shape = this.made(this.nodes[position]));
    return shape;
  }

  private made({ intOrString, enum: names, type, items, properties = {}, values, required }: SchemaNode): Shape {
    if (intOrString) return 'integer or string';
    if (names) return `one of ${names.join('|')}`;
    if (type === 'array') return [items === undefined ? 'anything' : this.at(items)];
    if (type !== 'object') return type ?? 'anything';
    if (values !== undefined) return { '*': this.at(values) };
    const fields = Object.entries(properties).map(([name, part]) => [name, this.at(part)] as const);
    return { ...(required && { '!': required }), ...Object.fromEntries(fields) };
  }
}
