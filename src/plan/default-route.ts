import type { RouteStatement } from './statements';

const EVERYTHING = [{}];

/** The route `/` of a service, which says nothing but where it belongs. */
export class DefaultRoute implements RouteStatement {
  public readonly id = 'default';
  public readonly terms = EVERYTHING;
  public readonly stated = false;

  constructor(private readonly service: { readonly path: string }) {}

  public get path(): string {
    return `${this.service.path}.defaultRoute`;
  }
}
