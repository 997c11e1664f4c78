FROM node:22-slim AS console
WORKDIR /console
COPY services/console/package.json services/console/package-lock.json services/console/.npmrc ./
RUN npm ci
COPY services/console .
RUN npm run build

FROM python:3.11-slim AS build
RUN python -m venv /opt/distributary
COPY lock/run.txt /source/lock/run.txt
RUN /opt/distributary/bin/pip install --no-cache-dir --require-hashes -r /source/lock/run.txt
COPY . /source
COPY --from=console /console/dist /source/services/console/dist
RUN /opt/distributary/bin/pip install --no-cache-dir --no-deps /source

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /data distributary
# A volume that is mounted there belongs to the user of Kafka's image, who reads keys from it.
# The content of files is in a volume, which belongs to whom its folder did.
RUN install --directory --owner distributary /data/var /data/var/files
RUN install --directory --owner 1000 --group 0 /certificates
COPY --from=build /opt/distributary /opt/distributary
ENV PATH=/opt/distributary/bin:$PATH PYTHONUNBUFFERED=1
USER distributary
WORKDIR /data
EXPOSE 8000
ENTRYPOINT ["distributary"]
CMD ["serve"]
