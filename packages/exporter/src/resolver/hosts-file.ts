import { isIP } from 'node:net';

/** The addresses that a hosts file gives a name, in its order. */
export function addressesInHosts(text: string, name: string): readonly string[] {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const addresses: string[] = [];
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    if (names.includes(wanted) && isIP(address) !== 0 && !addresses.includes(address)) {
      addresses.push(address);
    }
  }
  return addresses;
}
