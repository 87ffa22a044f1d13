import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { PackageFile } from '../package-file';
import { UsageError } from '../usage-error';

interface Fields { readonly [field: string]: unknown }

/** What a project needs in its package.json. */
export interface ProjectNeeds {
  /** Its scripts, by name. */
  readonly scripts: { readonly [name: string]: string };
  /** Its development dependencies, whose versions are those of this package. */
  readonly tools: readonly string[];
}

/** The placeholder script of `npm init`. */
const NO_TEST = /^echo "Error: no test specified"/;

/** The package.json of the project: the existing fields, and those that the project needs. */
export function projectManifest(folder: string, present: string | undefined, own: PackageFile, needs: ProjectNeeds): string {
  const before = present === undefined ? { name: packageName(folder), version: '0.1.0', private: true } : fieldsOf(present);
  const { type } = before;
  if (type === 'module') throw new UsageError('package.json has "type": "module", but the project is CommonJS; remove this field');
  const [scripts, dependencies, devDependencies] = ['scripts', 'dependencies', 'devDependencies'].map(name => section(before, name));
  for (const [name, command] of Object.entries(needs.scripts)) {
    const already = scripts[name];
    if (already !== undefined && already !== command && !NO_TEST.test(String(already))) {
      throw new UsageError(`package.json has a script '${name}' ("${already}"), which the project needs for "${command}"; rename it`);
    }
  }
  const isStated = (name: string) => Object.hasOwn(dependencies, name) || Object.hasOwn(devDependencies, name);
  const missing = (versions: Fields) => Object.fromEntries(Object.entries(versions).filter(([name]) => !isStated(name)));
  const tools = Object.fromEntries(needs.tools.map(name => [name, compatible(own.devDependencies[name])]));
  const after = {
    ...before,
    scripts: { ...scripts, ...needs.scripts },
    dependencies: sorted({ ...dependencies, ...missing({ ...own.peerDependencies, 'cdk8s-istio': ownSource(folder, own) }) }),
    devDependencies: sorted({ ...devDependencies, ...missing(tools) }),
  };
  return `${JSON.stringify(after, undefined, /^\{\r?\n([\t ]+)/.exec(present ?? '')?.[1] ?? 2)}\n`;
}

function fieldsOf(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`package.json is not JSON (${(error as Error).message}); repair it`);
  }
  if (!isObject(value)) throw new UsageError('package.json must be an object; write one with `npm init`');
  return value;
}

function section(fields: Fields, name: string): Fields {
  const value = fields[name] ?? {};
  if (!isObject(value)) throw new UsageError(`package.json: ${name} must be an object`);
  return value;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of the folder, as npm accepts it. */
function packageName(folder: string): string {
  return basename(resolve(folder)).toLowerCase().replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, '') || 'mesh';
}

/** The versions that are compatible with a pinned one. */
function compatible(version: string): string {
  return /^\d/.test(version) ? `^${version}` : version;
}

function sorted(versions: Fields): Fields {
  return Object.fromEntries(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The source of the running package: the tarball or folder from which it was installed, or its version. */
function ownSource(folder: string, own: PackageFile): string {
  const installation = dirname(dirname(own.folder));
  try {
    const { dependencies } = JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8'));
    const path = /^file:(.*)/.exec(String(dependencies['cdk8s-istio']))?.[1];
    if (path !== undefined) return `file:${relative(resolve(folder), resolve(installation, path)).split('\\').join('/')}`;
  } catch { /* no package.json above it */ }
  return compatible(own.version);
}
