# The demo for grafana/compose.yaml, built from this checkout.
FROM node:24.21.0-bookworm-slim
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund && npm run build
USER node
WORKDIR /app/packages/demo-app
CMD ["node", "--import", "@loopscope/sdk/register", "--import", "./src/tracing.ts", "src/server.ts"]
