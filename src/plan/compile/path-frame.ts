import type { PathCondition } from '../../manifest/string-condition';
import { isAnyPath, meets } from '../../manifest/string-condition';
import type { Redirect } from '../../traffic/redirect';
import type { PathRewrite } from '../model/statements';

/**
 * The relation between the paths that callers send and those that the service receives. In the mesh they are the same. Behind a public host
 * with `pathPrefix` P and `rewrite` Q, the service receives P+x as Q+x. P is the segment: P itself and everything below P/.
 */
export class PathFrame {
  public static readonly IDENTITY = new PathFrame('', '');

  public static of(pathPrefix: string | undefined, rewrite: string | undefined): PathFrame {
    const outer = trim(pathPrefix ?? '/');
    return new PathFrame(outer, rewrite === undefined ? outer : trim(rewrite));
  }

  private constructor(private readonly outer: string, private readonly inner: string) {}

  /** Whether callers use other paths than the service, or only some of them. */
  public get moves(): boolean {
    return this.outer !== '' || this.inner !== '';
  }

  public get rewrites(): boolean {
    return this.outer !== this.inner;
  }

  /** The paths of callers that match `uri` when the service receives them. */
  public views(uri: PathCondition | undefined): readonly (PathCondition | undefined)[] | 'inexpressible' {
    if (!this.moves) return [uri];
    const views: PathCondition[] = [];
    const seen = uri === undefined || isAnyPath(uri) ? undefined : uri;
    if (this.outer !== '' && (seen === undefined || meetsPath(seen, this.inner || '/'))) views.push({ exact: this.outer });
    if (seen === undefined) return [...views, { prefix: `${this.outer}/` }];
    if (seen.regex !== undefined) return 'inexpressible';
    if (seen.ignoreCase && /[a-z]/i.test(this.outer)) return 'inexpressible';
    const fold = (text: string) => (seen.ignoreCase ? text.toLowerCase() : text);
    const below = fold(`${this.inner}/`);
    const text = fold(seen.exact ?? seen.prefix!);
    const outward = (kind: 'exact' | 'prefix') => ({
      [kind]: this.outer + (seen.exact ?? seen.prefix!).slice(this.inner.length), ...(seen.ignoreCase ? { ignoreCase: true } : {}),
    });
    if (seen.exact !== undefined) {
      if (text.startsWith(below)) views.push(outward('exact'));
    } else if (below.startsWith(text)) {
      views.push({ prefix: `${this.outer}/` });
    } else if (text.startsWith(below)) {
      views.push(outward('prefix'));
    }
    return views;
  }

  /**
   * The rewrite of a cell whose callers' paths match `outer`, so that each path becomes what the route alone would make of it. Envoy
   * replaces what matched, and the cell may match a longer part of the path than the route. `matched` is the path condition of the route.
   */
  public rewrite(
    outer: PathCondition | undefined, matched: PathCondition | undefined, stated: PathRewrite | undefined,
  ): PathRewrite | 'inexpressible' {
    const authority = stated?.authority === undefined ? {} : { authority: stated.authority };
    if (stated?.uriRegexRewrite) return this.rewrites ? 'inexpressible' : { ...authority, uriRegexRewrite: stated.uriRegexRewrite };
    if (stated?.uri === undefined && !this.rewrites) return authority;
    if (stated?.uri !== undefined && replacesAll(matched)) {
      // After a prefix, or without one, `uri` would replace only that part.
      return outer?.exact !== undefined || outer?.regex !== undefined ? { ...authority, uri: stated.uri }
        : { ...authority, uriRegexRewrite: literally('^.*', stated.uri) };
    }
    if (outer?.regex !== undefined) return { ...authority, uriRegexRewrite: literally('^/', stated!.uri!) };
    const text = outer?.exact ?? outer?.prefix ?? '/';
    const seen = text === this.outer ? this.inner || '/' : this.inner + text.slice(this.outer.length);
    const replaced = stated?.uri === undefined ? 0 : (matched?.prefix ?? '/').length;
    const result = (stated?.uri ?? '') + seen.slice(replaced);
    if (outer?.ignoreCase) {
      // Beyond the replaced part, the caller's path may use another case than this text.
      const cut = this.outer.length + Math.max(0, replaced - this.inner.length);
      const rest = text.slice(cut);
      const start = result.slice(0, result.length - rest.length);
      if (/[a-z]/i.test(rest)) {
        return { ...authority, uriRegexRewrite: cut === 0 ? literally('^/', `${start}/`) : literally(`^.{${cut}}`, start) };
      }
      return { ...authority, uri: result };
    }
    return result === text ? authority : { ...authority, uri: result };
  }

  /** A redirect for callers: its path, which is in the service's terms, becomes the path of callers. Paths on other hosts stay. */
  public redirect(
    outer: PathCondition | undefined, matched: PathCondition | undefined, stated: Redirect,
  ): { redirect: Redirect } | 'inexpressible' {
    const { uri, prefixRewrite, ...rest } = stated;
    if (!this.moves || rest.authority !== undefined || (uri === undefined && prefixRewrite === undefined)) return { redirect: stated };
    const text = outer?.exact ?? outer?.prefix ?? '/';
    const seen = text === this.outer ? this.inner || '/' : this.inner + text.slice(this.outer.length);
    const path = this.outward(uri ?? prefixRewrite! + seen.slice(matched!.prefix!.length));
    if (path === undefined) return 'inexpressible';
    return { redirect: { ...rest, ...(uri !== undefined || outer?.exact !== undefined ? { uri: path } : { prefixRewrite: path }) } };
  }

  /** The path of callers for a path of the service. */
  private outward(path: string): string | undefined {
    if (path === (this.inner || '/')) return this.outer || '/';
    return path.startsWith(`${this.inner}/`) ? this.outer + path.slice(this.inner.length) : undefined;
  }
}

function trim(prefix: string): string {
  return prefix.replace(/\/+$/, '');
}

function meetsPath(c: PathCondition, text: string): boolean {
  if (!c.ignoreCase || c.regex !== undefined) return meets(c, text);
  return meets({ exact: c.exact?.toLowerCase(), prefix: c.prefix?.toLowerCase() }, text.toLowerCase());
}

/** Whether Envoy's rewrite replaces the whole path, which it does for an exact match or a regex. */
function replacesAll(matched: PathCondition | undefined): boolean {
  return matched?.exact !== undefined || matched?.regex !== undefined;
}

/** A rewrite by regex to a literal string. */
function literally(match: string, text: string): { match: string; rewrite: string } {
  return { match, rewrite: text.replace(/\\/g, '\\\\') };
}
