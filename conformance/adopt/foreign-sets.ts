import type { AdoptedSet } from './adopted-set';
import { adoptedFile } from './adopted-set';
import { stableJson } from '../../src/manifest/stable-json';
import type { ForeignFile } from '../foreign/corpus';
import { applied } from '../foreign/translation';

/** The files that hold a VirtualService which no file before has, without objects that istiod's admission rejects. */
export async function filesWithRoutes(files: readonly ForeignFile[]): Promise<ForeignFile[]> {
  const seen = new Set<string>();
  const having = files.filter(({ objects }) => objects.some(({ kind }) => kind === 'VirtualService'));
  return (await applied(having)).filter(({ objects }) => {
    const texts = objects.filter(({ kind }) => kind === 'VirtualService')
      .map(({ metadata: { name, namespace }, spec }) => stableJson([name, namespace, spec]));
    const isNew = texts.some(text => !seen.has(text));
    for (const text of texts) seen.add(text);
    return isNew;
  });
}

/** Adopts each file. Returns errors of files for which `adopt` ends with one. */
export async function adoptFiles(files: readonly ForeignFile[]): Promise<{ sets: AdoptedSet[]; wrong: string[] }> {
  const sets: AdoptedSet[] = [];
  const wrong: string[] = [];
  for (const file of await filesWithRoutes(files)) {
    try {
      sets.push(adoptedFile(file));
    } catch (error) {
      wrong.push(`${file.path}: adopt ends with ${(error as Error).message.split('\n')[0]}`);
    }
  }
  return { sets, wrong };
}
