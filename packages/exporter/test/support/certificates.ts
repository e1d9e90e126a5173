// A certificate authority of the test's own, and certificates by it, made by the openssl tool.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  readonly caPath: string;
  readonly ca: Buffer;
  /** A key with a certificate by the authority, also in files. */
  issue(name: string, options: { readonly altName: string; readonly days?: number }): IssuedCertificate;
  remove(): void;
}

export interface IssuedCertificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly keyPath: string;
  readonly certPath: string;
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function createCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const path = (name: string): string => join(folder, name);
  const openssl = (...options: string[]): void => {
    execFileSync('openssl', options, { stdio: 'pipe' });
  };
  const caPath = path('ca.pem');
  openssl('req', '-x509', ...curve, '-subj', '/CN=Test CA', '-keyout', path('ca.key'), '-out', caPath);
  return {
    caPath,
    ca: readFileSync(caPath),
    issue(name, { altName, days = 1 }) {
      const [keyPath, certPath, requestPath] = [
        path(`${name}.key`),
        path(`${name}.pem`),
        path(`${name}.csr`),
      ];
      writeFileSync(path('extensions'), `subjectAltName=${altName}`);
      openssl('req', ...curve, '-subj', `/CN=${name}`, '-keyout', keyPath, '-out', requestPath);
      const by = ['-CA', caPath, '-CAkey', path('ca.key'), '-CAcreateserial', '-extfile', path('extensions')];
      openssl('x509', '-req', '-in', requestPath, '-days', String(days), ...by, '-out', certPath);
      return { key: readFileSync(keyPath), cert: readFileSync(certPath), keyPath, certPath };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
