# The command line of slotstream, e.g. for a reconciler:
#
#   docker build --tag slotstream .
#   docker run --init --env SLOTSTREAM_REDIS_URL=redis://redis:6379 slotstream reconciler

FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The source is not there yet, so that this layer stays as long as the dependencies do.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts

FROM node:20-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY examples ./examples
USER node
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["--help"]
