# Two stages: the first compiles and bundles, the second has what runs and nothing else. docs/operations.md tells how to use it.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages ./packages
# Development dependencies, too: esbuild bundles the packages, among them those for Redis and PostgreSQL, which are 1 MB then.
# No package that runs with the bot has an install script.
RUN npm ci --ignore-scripts
COPY scripts ./scripts
COPY src ./src
COPY commands ./commands
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
# Probes come from outside of the container, so the port listens on all of its interfaces. It is published nowhere.
ENV NODE_ENV=production HEALTH_HOST=0.0.0.0 HEALTH_PORT=8080 STORAGE_URL=sqlite:/data/openticket.sqlite
RUN install -d -o node -g node -m 700 /data
WORKDIR /app
COPY package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The user "node" of the image, as a number: Kubernetes cannot tell from a name that it is not root.
USER 1000:1000
# The only place that is written to.
VOLUME /data
EXPOSE 8080
# The process lives. Whether it is connected to Discord is another question (/readyz): a restart would not help there.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["node", "dist/src/cli/probe.js"]
CMD ["node", "dist/src/main.js"]
