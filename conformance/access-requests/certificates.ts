import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that issues certificates of SPIFFE IDs, as istiod does for workloads. */
export class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'authority-'));
  private readonly issued = new Map<string, Certificate>();
  public readonly certificate: string;

  constructor() {
    this.openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem',
      '-subj', '/O=conformance', '-days', '30');
    this.certificate = this.read('ca.pem');
  }

  /** The certificate of a SPIFFE ID. */
  public issue(id: string): Certificate {
    return this.issueTo(`URI:${id}`);
  }

  /** The certificate of a server at an address. */
  public issueToAddress(address: string): Certificate {
    return this.issueTo(`IP:${address}`);
  }

  private issueTo(subject: string): Certificate {
    const known = this.issued.get(subject);
    if (known) return known;
    writeFileSync(join(this.folder, 'extensions'), `subjectAltName=critical,${subject}\n`);
    this.openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key', '-out', 'request',
      '-subj', '/');
    this.openssl('x509', '-req', '-in', 'request', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'extensions',
      '-days', '30', '-out', 'certificate');
    const certificate = { certificate: this.read('certificate'), key: this.read('key') };
    this.issued.set(subject, certificate);
    return certificate;
  }

  /** Removes the files of the authority. */
  public close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  private openssl(...args: readonly string[]): void {
    const { status, stderr, error } = spawnSync('openssl', args, { cwd: this.folder, encoding: 'utf8' });
    if (error) throw new Error(`the certificates of this part need openssl: ${error.message}`);
    if (status !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr}`);
  }
}
