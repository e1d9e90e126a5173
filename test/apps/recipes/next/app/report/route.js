import { makeReport } from '../../../block.mjs';

export const dynamic = 'force-dynamic';

export function GET() {
  return new Response(makeReport(300));
}
