import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Json } from '../istiod/client';

/** Where an API server is, and how it knows its caller. */
export interface ApiAddress {
  readonly port: number;
  /** The certificate that it shows. */
  readonly certificate: string;
  readonly token: string;
}

/** An answer of the API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Json;
  /** The warnings that `kubectl` would print. */
  readonly warnings: readonly string[];
}

/** An answer other than the expected one. */
export class ApiError extends Error {
  constructor(public readonly answer: ApiAnswer, asked: string) {
    super(`${asked}: ${answer.status} ${answer.body?.message ?? JSON.stringify(answer.body)}`);
  }
}

/** A kind that the API server does not serve. */
export class UnknownKindError extends Error {}

const MANAGER = 'cdk8s-istio';

/** The resource of a kind in the API. */
interface Resource {
  readonly name: string;
  readonly namespaced: boolean;
}

/** The calls to an API server that `kubectl` would make. */
export class ApiClient {
  private readonly agent: Agent;
  private readonly resources = new Map<string, Resource>();

  constructor(private readonly address: ApiAddress) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 8 });
  }

  /**
   * Server-side apply with strict field validation. The answer may be a refusal.
   *
   * @throws UnknownKindError if there is no such kind.
   */
  public async apply(object: KubernetesObject, { dryRun = false, manager = MANAGER } = {}): Promise<ApiAnswer> {
    const options = `fieldManager=${manager}&fieldValidation=Strict&force=true${dryRun ? '&dryRun=All' : ''}`;
    return this.call('PATCH', `${await this.pathOf(object)}?${options}`, object, 'application/apply-patch+yaml');
  }

  /** The same, for an object that must be accepted. Returns it as it is kept. */
  public async mustApply(object: KubernetesObject): Promise<Json> {
    return accepted(await this.apply(object), `apply ${nameOf(object)}`);
  }

  /** The object as the API server keeps it. */
  public async read(object: KubernetesObject): Promise<Json> {
    return accepted(await this.call('GET', await this.pathOf(object)), `read ${nameOf(object)}`);
  }

  /** Deletes an object, without what it owns. */
  public async delete(object: KubernetesObject): Promise<void> {
    accepted(await this.call('DELETE', `${await this.pathOf(object)}?gracePeriodSeconds=0&propagationPolicy=Background`),
      `delete ${nameOf(object)}`);
  }

  /** Whether a path answers with 200. */
  public async isOk(path: string): Promise<boolean> {
    try {
      return (await this.call('GET', path)).status === 200;
    } catch {
      return false;
    }
  }

  /** Ends its connections. */
  public close(): void {
    this.agent.destroy();
  }

  private async pathOf({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const { name, namespaced } = await this.resourceOf(apiVersion, kind);
    const group = groupPath(apiVersion);
    const namespace = namespaced ? `/namespaces/${metadata?.namespace ?? 'default'}` : '';
    return `${group}${namespace}/${name}/${encodeURIComponent(metadata?.name ?? '')}`;
  }

  private async resourceOf(apiVersion: string, kind: string): Promise<Resource> {
    const key = `${apiVersion} ${kind}`;
    if (!this.resources.has(key)) {
      const { status, body } = await this.call('GET', groupPath(apiVersion));
      const resources: Json[] = status === 200 ? body.resources : [];
      for (const each of resources.filter(({ name }) => !name.includes('/'))) {
        this.resources.set(`${apiVersion} ${each.kind}`, { name: each.name, namespaced: each.namespaced });
      }
    }
    const found = this.resources.get(key);
    if (!found) throw new UnknownKindError(`the API server knows no ${kind} in ${apiVersion}`);
    return found;
  }

  private call(method: string, path: string, body?: unknown, type = 'application/json'): Promise<ApiAnswer> {
    const { port, certificate, token } = this.address;
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = httpsRequest({
        host: '127.0.0.1',
        port,
        method,
        path,
        ca: certificate,
        agent: this.agent,
        timeout: 30_000,
        headers: { authorization: `Bearer ${token}`, ...text !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(text) } },
      }, response => receive(response).then(resolve, reject));
      sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path} within 30 s`))).on('error', reject).end(text);
    });
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata?.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata?.name}`;
}

async function receive(response: IncomingMessage): Promise<ApiAnswer> {
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  const isJson = (response.headers['content-type'] ?? '').includes('json');
  const warnings = response.headersDistinct.warning ?? [];
  return { status: response.statusCode!, body: isJson ? JSON.parse(text) : text, warnings };
}

function accepted(answer: ApiAnswer, asked: string): Json {
  if (answer.status >= 300) throw new ApiError(answer, asked);
  return answer.body;
}
