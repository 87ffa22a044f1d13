import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client';
import { installCrds } from './crds';
import { ETCD, KUBE_APISERVER, WEBHOOK } from './programs';
import { registerWebhook } from './webhook';
import { Authority } from '../access-requests/certificates';
import { OwnedProcess } from '../owned-process';
import { freePorts } from '../rollouts/free-ports';

const START_MS = 60_000;
const HOST = '127.0.0.1';
const TOKEN = 'conformance';

/** An API server with Istio's CRDs, which asks istiod's validating webhook. All of it is on the loopback interface. */
export class ApiServer {
  /** Starts the built programs. */
  public static async start(): Promise<ApiServer> {
    const server = new ApiServer();
    try {
      await server.startServer(await server.startStore());
      await installCrds(server.api);
      await server.startWebhook();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  private readonly processes: OwnedProcess[] = [];
  private readonly authority = new Authority();
  private client: ApiClient | undefined;

  private constructor() {}

  /** The calls to it. */
  public get api(): ApiClient {
    if (!this.client) throw new Error('the API server has not started');
    return this.client;
  }

  /** Ends all processes and removes their files, in any state. */
  public async stop(): Promise<void> {
    this.client?.close();
    await Promise.all(this.processes.map(each => each.kill()));
    this.authority.close();
  }

  private async startStore(): Promise<string> {
    const [store, peers] = (await freePorts(2)).map(port => `http://${HOST}:${port}`);
    this.run('etcd', folder => [
      ETCD.binary, '--data-dir', join(folder, 'data'), '--unsafe-no-fsync', '--log-level', 'error',
      '--listen-client-urls', store, '--advertise-client-urls', store,
      '--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers, '--initial-cluster', `default=${peers}`,
    ]);
    return store;
  }

  private async startServer(store: string): Promise<void> {
    const [port] = await freePorts(1);
    const server = this.run('kube-apiserver', folder => {
      const [publicKey, privateKey, tokens] = ['accounts.pub', 'accounts.key', 'tokens'].map(name => join(folder, name));
      const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
      writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));
      writeFileSync(privateKey, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
      writeFileSync(tokens, `${TOKEN},admin,admin,system:masters\n`);
      return [
        KUBE_APISERVER.binary, `--etcd-servers=${store}`, `--cert-dir=${folder}`, `--secure-port=${port}`,
        `--bind-address=${HOST}`, `--advertise-address=${HOST}`, '--authorization-mode=AlwaysAllow', `--token-auth-file=${tokens}`,
        '--service-account-issuer=https://localhost', `--service-account-key-file=${publicKey}`,
        `--service-account-signing-key-file=${privateKey}`, '--service-cluster-ip-range=10.96.0.0/16',
        '--disable-admission-plugins=ServiceAccount', '--v=0',
      ];
    });
    const certificate = join(server.folder, 'apiserver.crt');
    await until('the API server', server, async () => {
      if (!existsSync(certificate)) return false;
      this.client ??= new ApiClient({ port, certificate: readFileSync(certificate, 'utf8'), token: TOKEN });
      return this.client.isOk('/readyz');
    });
  }

  private async startWebhook(): Promise<void> {
    const [port] = await freePorts(1);
    this.run('webhook', folder => {
      const { certificate, key } = this.authority.issueToAddress(HOST);
      const [certificateFile, keyFile] = ['certificate.pem', 'key.pem'].map(name => join(folder, name));
      writeFileSync(certificateFile, certificate);
      writeFileSync(keyFile, key);
      return [WEBHOOK.binary, '-address', `${HOST}:${port}`, '-certificate', certificateFile, '-key', keyFile];
    });
    await registerWebhook(this.api, `https://${HOST}:${port}/validate`, this.authority.certificate);
  }

  private run(name: string, command: (folder: string) => readonly string[]): OwnedProcess {
    const started = new OwnedProcess(name, command);
    this.processes.push(started);
    return started;
  }
}

async function until(what: string, process: OwnedProcess, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    if (process.hasEnded) throw new Error(`${what} ended: ${process.said}`);
    if (await isReady()) return;
    await sleep(100);
  }
  throw new Error(`${what} was not ready within ${START_MS / 1000} s: ${process.said}`);
}
