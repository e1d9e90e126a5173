export default { build: { ssr: 'page.ts', sourcemap: true }, logLevel: 'error' };
